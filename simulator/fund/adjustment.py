"""Adjustment funds in force: basic funds pay in every month, who ends a year short draws in January.

When reporting begins it holds nothing. How much is paid in and drawn is the file of its kind in ``plans/``.
"""

from dataclasses import dataclass, field

import numpy as np

from simulator.core.money import share_out
from simulator.fund.ledger import Ledger
from simulator.fund.plan import Adjusting

PAID_IN, DRAWN = "adjustment_paid_in", "adjustment_drawn"
"""Kinds of posting; neither is spending of a fund."""
MONTHS = 12


@dataclass
class Adjuster:
    """An adjustment fund in force. Money is fen of the sample, int64, by position in the ledger (A,)."""

    name: str
    account: int  # position in the ledger
    funds: np.ndarray  # positions of the funds that take part, each once
    plan: Adjusting
    months: int = 0  # of this year in which it has been in force
    income: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # of this year
    spent: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # this year
    paid_in: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # this year
    ever: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # paid in since it began

    def collect(self, ledger: Ledger, income: np.ndarray) -> None:
        """A month's income of the funds (A,): their part of it comes in."""
        due = self.plan.due(income[self.funds])
        ledger.post_many(self.funds, np.array(self.account), PAID_IN, due)
        self.months += 1
        self.income += income
        self.paid_in[self.funds] += due
        self.ever[self.funds] += due

    def gaps(self, balance: np.ndarray) -> np.ndarray:
        """What each fund that takes part was short of in the year that ended, given what accounts hold (A,)."""
        income, spent, paid_in = (x[self.funds] for x in (self.income, self.spent, self.paid_in))
        return self.plan.gap(spent - (income - paid_in), balance[self.funds], spent, self.months)

    def draw(self, ledger: Ledger) -> None:
        """January: funds that were short last year get their part; a new year begins."""
        gap = self.gaps(ledger.balance)
        held = max(0, int(ledger.balance[self.account]))
        ledger.post_many(np.array(self.account), self.funds, DRAWN, self.plan.drawn(gap, held))
        self.months = 0
        for sums in (self.income, self.spent, self.paid_in):
            sums[:] = 0

    def go_on(self, before: "Adjuster | None", moved: dict[int, int], accounts: int) -> None:
        """Take over the year of what it was ``before`` its terms changed, if it was; ``moved`` says which funds were
        merged into which other, by position of ``accounts``."""
        if before is not None:
            self.months = before.months
        for what in ("income", "spent", "paid_in", "ever"):
            sums = np.zeros(accounts, np.int64) if before is None else getattr(before, what).copy()
            for old, new in moved.items():
                sums[new] += sums[old]
                sums[old] = 0
            setattr(self, what, sums)

    def empty(self, ledger: Ledger) -> None:
        """Reporting begins: it holds nothing yet, as funds hold what the scenario says."""
        ledger.post(ledger.accounts[self.account], "opening", "reserve", int(ledger.balance[self.account]))

    def wind_up(self, ledger: Ledger) -> None:
        """End it: what it holds returns to those who paid it in."""
        funds = np.flatnonzero(self.ever)
        if len(funds):
            part = share_out(int(ledger.balance[self.account]), self.ever[funds])
            ledger.post_many(np.array(self.account), funds, DRAWN, part)
