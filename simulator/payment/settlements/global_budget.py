"""Global budget of an alliance (总额付费、结余留用): one amount a year for its people's care, kept if not spent."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from simulator.core.maths import logistic
from simulator.core.units import Change, PerYear, Share
from simulator.payment.rule import BudgetRule
from simulator.payment.score import Target, score


class PerHead(BaseModel):
    """An amount for every head."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_head: PerYear
    """Amount for a head of the alliance, fen per year."""


Amount = Annotated[
    Annotated[Literal["last_year_spending"] | PerYear, Tag("for[all]")] | Annotated[PerHead, Tag("for[head]")],
    Discriminator(lambda value: "for[head]" if isinstance(value, dict | PerHead) else "for[all]"),
]
"""A word or an amount, or a block; what is wrong with the one is not told of the other."""


class Rule(BudgetRule):
    """The fund pays the alliance a budget in monthly instalments; its pool pays the fund's part of the bills, whoever
    treats; what is left in December is kept as far as agreed, what is missing is borne as far as agreed. Where the
    budget is clawed back (总额控制) the fund pays the bills itself and settles the same balance in December.

    balance = instalments − fund's part of the bills
    kept by members = balance × surplus_kept × score, if positive; the rest returns to the fund
    borne by members = −balance × overspend_borne, if negative; the fund bears the rest
    score = Σ weight × clip((indicator − none_at) / (full_at − none_at), 0, 1); 1 without indicators
    next year = budget × (1 + growth) + ratchet × (spent − budget)

    A budget for inpatient care only is one with the scope `care: inpatient` (打包范围过窄).
    """

    source: ClassVar[str] = (
        "Zhejiang Party Committee and Government Offices 2018 no. 67 on county medical communities; surplus "
        "retained, overspend not covered or shared, as sources differ (evidence S23)"
    )
    example: ClassVar[str] = """
county_budget:
  for: {alliances: county_community}
  rule: global_budget
  amount: last_year_spending
  budget_is_for: residents
  surplus_kept: 100%
  overspend_borne: 100%
  scaled_by:
    first_contact_rate_primary: {weight: 60%, none_at: 40%, full_at: 65%}
    control_share: {weight: 40%, none_at: 8%, full_at: 20%}
"""
    DOUBT: ClassVar[float] = 0.03
    """Share of the budget by which members expect the year's end to differ from today's pace; by judgement."""

    amount: Amount
    """First year's budget: what the fund spent on the same bills in the twelve months before, or fen per year, for all
    or for every head."""
    growth: Annotated[Change, Field(gt=-1)] = 0.0
    """Real growth of the budget a year, over last year's spending in the first year."""
    ratchet: Share = 0.0
    """Share of a year's saving by which the next budget is cut (棘轮)."""
    budget_is_for: Literal["residents", "members"] = "residents"
    """Whose bills: of people whose home lies with a member, wherever they are treated, or of all whom members treat."""
    paid: Literal["prepaid", "clawed_back"] = "prepaid"
    """Whether a pool holds the budget and pays the bills (预付), or the fund pays them and settles in December."""
    surplus_kept: Share
    """Share of a surplus that members keep (结余留用)."""
    overspend_borne: Share
    """Share of an overspend that members bear (超支不补 is 100 %)."""
    scaled_by: dict[str, Target] | None = None
    """Indicators that scale the kept surplus, by name; none if left out."""

    @property
    def prepaid(self) -> bool:
        return self.paid == "prepaid"

    def first_budget(self, spent: np.ndarray, heads: np.ndarray, scale: float = 1.0) -> np.ndarray:
        total = spent * (1.0 + self.growth)
        if isinstance(self.amount, PerHead):
            total = self.amount.per_head * heads
        elif self.amount != "last_year_spending":
            total = self.amount * scale * (spent / max(spent.sum(), 1.0))
        return np.rint(total).astype(np.int64)

    def next_budget(self, budget: np.ndarray, spent: np.ndarray, heads: np.ndarray) -> np.ndarray:
        return np.rint(budget * (1.0 + self.growth) + self.ratchet * (spent - budget)).astype(np.int64)

    def score(self, levels: dict[str, float]) -> float:
        return float(score(self.scaled_by, levels))

    def kept(self, balance: int, budget: int, score: float) -> int:
        return int(balance * self.surplus_kept * score) if balance > 0 else -int(-balance * self.overspend_borne)

    def worth(self, pace: float, score: float) -> float:
        left = float(logistic(pace / self.DOUBT))
        return left * self.surplus_kept * score + (1.0 - left) * self.overspend_borne
