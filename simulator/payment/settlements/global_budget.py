"""Global budget of an alliance (总额付费、结余留用): one amount a year for its people's care, kept if not spent."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulator.core.maths import logistic
from simulator.core.units import Change, PerYear, Share
from simulator.payment.rule import BudgetRule

DOUBT = 0.03
"""Share of the budget by which members expect the year's end to differ from today's pace."""


class Target(BaseModel):
    """How one indicator moves the score: nothing at ``none_at``, everything at ``full_at``, straight in between."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    weight: Share
    """Weight of the indicator in the score."""
    none_at: Share
    """Level at which the indicator adds nothing."""
    full_at: Share
    """Level at which it adds its whole weight."""


class Rule(BudgetRule):
    """The fund pays the alliance a budget in monthly instalments; its pool pays the fund's part of the bills, whoever
    treats; what is left in December is kept as far as agreed, what is missing is borne as far as agreed.

    balance = instalments − fund's part of the bills
    kept by members = balance × surplus_kept × score, if positive; the rest returns to the fund
    borne by members = −balance × overspend_borne, if negative; the fund bears the rest
    score = Σ weight × clip((indicator − none_at) / (full_at − none_at), 0, 1); 1 without indicators
    next year = budget × (1 + growth) + ratchet × (spent − budget)
    """

    source: ClassVar[str] = (
        "Zhejiang provincial government 2018 no. 67 and NHSA guidance on county medical communities: total budget, "
        "surplus retained, overspend not compensated"
    )

    amount: Literal["last_year_spending"] | PerYear
    """First year's budget: what the fund spent on the same bills in the twelve months before, or fen per year."""
    growth: Annotated[Change, Field(gt=-1)] = 0.0
    """Real growth of the budget a year, over last year's spending in the first year."""
    ratchet: Share = 0.0
    """Share of a year's saving by which the next budget is cut (棘轮)."""
    budget_is_for: Literal["residents", "members"] = "residents"
    """Whose bills: of people whose home lies with a member, wherever they are treated, or of all whom members treat."""
    surplus_kept: Share
    """Share of a surplus that members keep (结余留用)."""
    overspend_borne: Share
    """Share of an overspend that members bear (超支不补 is 100 %)."""
    scaled_by: dict[str, Target] | None = None
    """Indicators that scale the kept surplus, by name; none if left out."""

    def first_budget(self, spent: np.ndarray, heads: np.ndarray) -> np.ndarray:
        total = spent * (1.0 + self.growth)
        if self.amount != "last_year_spending":
            total = self.amount * (spent / max(spent.sum(), 1.0))
        return np.rint(total).astype(np.int64)

    def next_budget(self, budget: np.ndarray, spent: np.ndarray, heads: np.ndarray) -> np.ndarray:
        return np.rint(budget * (1.0 + self.growth) + self.ratchet * (spent - budget)).astype(np.int64)

    def score(self, levels: dict[str, float]) -> float:
        if not self.scaled_by:
            return 1.0
        reached = 0.0
        for name, target in self.scaled_by.items():
            span = target.full_at - target.none_at
            part = (levels.get(name, 0.0) - target.none_at) / span if span else float(levels.get(name, 0.0) >= 1)
            reached += target.weight * min(max(part, 0.0), 1.0)
        return reached

    def kept(self, balance: int, budget: int, score: float) -> int:
        return int(balance * self.surplus_kept * score) if balance > 0 else -int(-balance * self.overspend_borne)

    def worth(self, pace: float, score: float) -> float:
        left = float(logistic(pace / DOUBT))
        return left * self.surplus_kept * score + (1.0 - left) * self.overspend_borne
