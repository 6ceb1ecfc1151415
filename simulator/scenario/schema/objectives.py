"""What providers want (办医目标): how much money and the patient's benefit weigh in what a place decides.

Public, private for profit and private without: they differ by these weights and by nothing else. No line of behaviour
asks for the kind of a place.
"""

from pydantic import Field, model_validator

from simulator.core.fields import Block, Both, Names, Selection, Tiers, selection_or, some_of
from simulator.core.messages import say
from simulator.core.names import KINDS
from simulator.core.units import Times


class Places(Selection):
    """Which facilities: between dimensions *and*, within a list *or*; what is left out means all."""

    kinds: some_of(*KINDS) | None = None
    """Kinds of facility, as the network has them."""
    tiers: Tiers | None = None
    """Tiers, or `primary` or `hospital`."""
    facilities: Names | None = None
    """Facilities by name; `centre_1 to centre_8` is a range."""
    areas: Names | None = None
    """Areas of the network in which they lie."""


class Objective(Block):
    """What the places in scope want, against the usual place. Where several hold, weights multiply."""

    scope: selection_or(Places, "all") = Field(alias="for")
    """Which facilities."""
    title: Both | None = None
    """Name in tables and figures."""
    money: Times = 1.0
    """Weight of a yuan of its margin."""
    patients: Times = 1.0
    """Weight of the patient's benefit, 0.1 times at least."""

    @model_validator(mode="after")
    def _wants_something(self) -> "Objective":
        if not {"money", "patients"} & self.model_fields_set:
            raise ValueError(say("objective_nothing"))
        if self.patients < LEAST:
            raise ValueError(say("objective_least", least=LEAST))
        return self


LEAST = 0.1
"""Least weight of the patient's benefit: at none, the optimum of a doctor has no bound."""
