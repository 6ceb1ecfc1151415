"""Charity or mutual-aid fund (慈善救助、医疗互助): donations pay part of what ruins a family, while they last."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import instalment
from simulator.core.units import PerYear, Share
from simulator.declare.use import Use
from simulator.fund.plan import Bill, Relief


class Charity(Relief):
    """One share for all families in a month, so nobody is served first and the fund never owes.

    relief of a family = floor(share × what it paid this month beyond its catastrophic threshold of the year)
    share = pays, or, where the fund does not hold enough, what it holds over what all families paid beyond theirs
    """

    source: ClassVar[str] = (
        "State Council Office 2021 no. 42 (charity and mutual aid beside medical aid); employees' mutual aid of trade "
        "unions (职工医疗互助)"
    )
    example: ClassVar[str] = """
baseline:
  plans:
    love: {kind: charity, donations: 12 yuan/year, pays: 50%}
"""
    bill: ClassVar[Bill | None] = Bill("inpatient", "tertiary", "80000 yuan", columns={"catastrophic_at": 1_500_000})
    account: ClassVar[str] = "charity"
    use: ClassVar[tuple[Use, ...]] = (
        Use(unused=Text("charity gave nobody anything", "慈善救助未支付任何费用"), postings=("relief", "charity")),
    )

    kind: Literal["charity"]
    """Kind of plan."""
    donations: PerYear
    """Donations for each head of the population of the place."""
    pays: Share
    """Share that it pays of a family's payments beyond the threshold at which they are catastrophic in a year; less in
    a month in which its money would not do, the same share for all."""

    def income(self, persons: int, calendar: int) -> int:
        """A month's donations; exact over a year."""
        return int(instalment(np.array(persons * self.donations), calendar))

    def relief(self, beyond: np.ndarray, asked: int, held: int) -> np.ndarray:
        """The same share to all."""
        share = min(self.pays, held / asked) if asked else 0.0
        return np.floor(beyond * share).astype(np.int64)
