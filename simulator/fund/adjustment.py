"""Adjustment fund between the basic funds (基金调剂金): all pay in a share of income, who ends a year short draws.

paid in by a fund in a month = floor(pays_in × premiums, contributions and subsidies of the month)
gap of a fund = (spent − (income − paid in))₊ of the calendar year; 0 where its reserve is not below what is said
drawn by a fund in January = floor(share × gap)
share = covers, or, where the adjustment fund does not hold enough, what it holds over the sum of all gaps

One share for all, so nobody is served first and the adjustment fund never owes. What is not drawn stays in it; when
reporting begins it holds nothing.
"""

from dataclasses import dataclass, field

import numpy as np

from simulator.core.money import share_out
from simulator.fund.ledger import Ledger

PAID_IN, DRAWN = "adjustment_paid_in", "adjustment_drawn"
"""Kinds of posting; neither is spending of a fund."""
MONTHS = 12


@dataclass
class AdjustmentFund:
    """An adjustment fund in force. Money is fen of the sample, int64, by position in the ledger (A,)."""

    name: str
    account: int  # position in the ledger
    funds: np.ndarray  # positions of the funds that take part, each once
    pays_in: float  # share of a fund's income
    covers: float  # share of a gap
    below: float | None = None  # months of spending; a fund that holds as much draws nothing
    months: int = 0  # of this year in which it has been in force
    income: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # of this year
    spent: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # this year
    paid_in: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # this year
    ever: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # paid in since it began

    def collect(self, ledger: Ledger, income: np.ndarray) -> None:
        """A month's income of the funds (A,): their part of it comes in."""
        due = np.floor(income[self.funds] * self.pays_in).astype(np.int64)
        ledger.post_many(self.funds, np.array(self.account), PAID_IN, due)
        self.months += 1
        self.income += income
        self.paid_in[self.funds] += due
        self.ever[self.funds] += due

    def gaps(self, balance: np.ndarray) -> np.ndarray:
        """What each fund that takes part was short of in the year that ended, given what accounts hold (A,)."""
        income, spent, paid_in = (x[self.funds] for x in (self.income, self.spent, self.paid_in))
        gap = np.maximum(0, spent - (income - paid_in))
        if self.below is None:
            return gap
        return np.where(balance[self.funds] * self.months < self.below * spent, gap, 0)

    def draw(self, ledger: Ledger) -> None:
        """January: funds that were short last year get their part; a new year begins."""
        gap = self.gaps(ledger.balance)
        held, asked = max(0, int(ledger.balance[self.account])), int(gap.sum())
        share = min(self.covers, held / asked) if asked else 0.0
        ledger.post_many(np.array(self.account), self.funds, DRAWN, np.floor(gap * share).astype(np.int64))
        self.months = 0
        for sums in (self.income, self.spent, self.paid_in):
            sums[:] = 0

    def go_on(self, before: "AdjustmentFund | None", moved: dict[int, int], accounts: int) -> None:
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
        """End it: what it holds returns to who paid it in."""
        funds = np.flatnonzero(self.ever)
        if len(funds):
            part = share_out(int(ledger.balance[self.account]), self.ever[funds])
            ledger.post_many(np.array(self.account), funds, DRAWN, part)
