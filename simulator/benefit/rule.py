"""The one interface of benefit rules: a file in ``rules/`` each, with its formula, source, example, and a bill that
shows what it does.

A rule is a step of one bill: compiled functions of scalars, whole fen out. Its order is in ``cover.py`` and
``layers.py``.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pydantic import BaseModel

from simulator.core.names import CARE, TIERS
from simulator.core.rooms import rooms
from simulator.core.units import money

FOLDER = "simulator.benefit.rules"


class Bill(NamedTuple):
    """A bill of somebody, to show what a rule does to it."""

    care: str
    """outpatient, inpatient, or continued: the rest of a stay that began elsewhere."""
    tier: str
    charge: str
    """All that is charged, as money."""
    plan: str = "resident"
    treats: int = 0
    """Chronic disease that it is the care of: 0 none, 1 hypertension, 2 diabetes."""
    referred: bool = False
    away: bool = False
    """The facility lies outside the pooling area of the plan."""
    columns: Mapping[str, int] = {}
    """Columns of the person or family that are not as usual (`population/people.py`, `population/families.py`)."""

    @property
    def fen(self) -> int:
        """The charge in fen."""
        return money(self.charge)


class BenefitRule(NamedTuple):
    """A benefit rule as its file tells of it."""

    name: str
    text: str
    """What it is and its formula."""
    source: str
    example: str
    """A file that uses it, as YAML below its title."""
    bill: Bill
    model: type[BaseModel] | None
    """Its parameters, where they are its own."""


def found() -> dict[str, BenefitRule]:
    """Every benefit rule by its name, which is the name of its file.

    Raises AttributeError for a file without SOURCE, EXAMPLE or BILL.
    """
    made = {}
    for name, module in rooms(FOLDER).items():
        own = [o for o in vars(module).values() if getattr(o, "__module__", None) == module.__name__]
        model = next((o for o in own if isinstance(o, type) and issubclass(o, BaseModel)), None)
        functions: list[Callable] = [o for o in own if callable(o) and o is not model]
        texts = [inspect.getdoc(module) or "", *(inspect.getdoc(function) or "" for function in functions)]
        text = "\n\n".join(each for each in texts if each)
        made[name] = BenefitRule(name, text, module.SOURCE, module.EXAMPLE, module.BILL, model)
        assert module.BILL.care in CARE, name
        assert module.BILL.tier in TIERS, name
    return made
