"""Growth: how all money of a scenario grows from year to year, and what grows by a rate of its own.

A run reckons in the money of its first year, so that everything in yuan keeps pace with one index by being left alone:
prices, wages, budgets, deductibles, ceilings, day rates, and what a rule remembers of last year. Only what grows by a
rate of its own changes, against that index; results are told in the money of their year.
"""

from typing import Annotated

from pydantic import Field

from simulator.core.fields import Block
from simulator.core.units import Change

Rate = Annotated[Change, Field(ge=-0.2, le=0.5)]
"""Growth a year."""
OWN = ("prices", "incomes", "wages", "premiums")
"""What may grow by a rate of its own."""


class Growth(Block):
    """Growth a year of the money of the place, in every arm, each January after the first year; none if left out.

    All amounts of the file, those of later dates too, are in the money of the year in which reporting starts. An amount
    without a rate of its own keeps pace with `money`; what funds and places hold keeps its worth. Growth of a
    `cap` or a budget in a rule is growth beyond this.
    """

    money: Rate = 0.0
    """All money."""
    prices: Rate | None = None
    """List prices, and what tariff rules pay for a case, a day, a visit, a unit of weight or a head; like `money` if
    left out."""
    incomes: Rate | None = None
    """Incomes of families; like `money` if left out."""
    wages: Rate | None = None
    """Salaries of doctors, subsidies by doctor, and what employers pay into a plan; like `money` if left out."""
    premiums: Rate | None = None
    """Premiums, and what the government adds to them; like `money` if left out."""
    technology: Rate = 0.0
    """What is done for a case (new drugs, tests, operations): its charge and its cost grow, at the same prices. What
    tariff rules pay for a case does not."""

    def index(self, years: int) -> float:
        """Money of a year against that of the first, so many years before."""
        return (1.0 + self.money) ** years

    def beyond(self, what: str, years: int) -> float:
        """What grows by a rate of its own (one of `OWN`) against all money, after so many years."""
        own = getattr(self, what)
        return 1.0 if own is None else ((1.0 + own) / (1.0 + self.money)) ** years

    def charges(self, years: int) -> float:
        """The charge of a case against all money, after so many years."""
        return self.beyond("prices", years) * (1.0 + self.technology) ** years

    @property
    def apart(self) -> bool:
        """Whether anything grows otherwise than all money."""
        return self.technology != 0.0 or any(self.beyond(what, 1) != 1.0 for what in OWN)
