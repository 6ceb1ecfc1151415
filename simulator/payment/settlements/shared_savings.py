"""Shared savings (共享节余, ACO): who spends less than a benchmark gets part of the difference, if quality is good."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulator.core.maths import logistic
from simulator.core.units import Change, PerYear, Share
from simulator.payment.rule import BudgetRule
from simulator.payment.score import Target, score


class Region(BaseModel):
    """What the region spends, as far as it makes up the benchmark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: Share
    """Weight of the region in the benchmark."""
    per_head: PerYear
    """What funds of the region spend on a head, fen per year."""


class Rule(BudgetRule):
    """The fund pays all bills as before. In December it compares them with a benchmark and shares the difference, from
    the first fen on, if that is more than a minimum.

    benchmark = (1 − w) × last year's spending × (1 + trend) + w × region's spending per head × heads
    savings = benchmark − fund's part of the bills
    kept by members = share × score × savings, if savings ≥ minimum savings rate × benchmark and score ≥ gate
    borne by members = losses borne × losses, if losses ≥ minimum loss rate × benchmark (two-sided)
    neither is more than limit × benchmark
    next benchmark: last year's spending is that of the year just over, by the weight of `rebased`

    Near a minimum rate one more fen saved may decide about all that was saved before. Members value that chance: with F
    the logistic doubt about the year's end around today's pace, the worth of a fen is the slope of what they expect to
    keep, the jumps at the minimum rates included.
    """

    source: ClassVar[str] = (
        "CMS Medicare Shared Savings Program, 42 CFR 425 (2018 final rule): first-dollar sharing of 40-75 %, minimum "
        "savings rate of 0-3.9 %, quality standard, limits of 10-20 % and 1-15 % of the benchmark"
    )
    example: ClassVar[str] = """
savings:
  for: {alliances: county_community}
  rule: shared_savings
  trend: 2%
  share: 50%
  minimum_savings: 2%
  quality_gate: 40%
  scaled_by:
    control_share: {weight: 100%, none_at: 8%, full_at: 20%}
  losses: {borne: 30%, minimum: 2%}
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "facility", "doctors")
    DOUBT: ClassVar[float] = 0.03
    """Scale of the logistic doubt about the year's savings, share of the benchmark; by judgement."""

    class Losses(BaseModel):
        """How members take part in losses (two-sided)."""

        model_config = ConfigDict(extra="forbid", frozen=True)

        borne: Share
        """Share of a loss that members pay back."""
        minimum: Share = 0.0
        """Losses below this share of the benchmark are not shared (minimum loss rate)."""

    trend: Annotated[Change, Field(gt=-1)] = 0.0
    """Real growth of spending a year that the benchmark allows for."""
    region: Region | None = None
    """Regional part of the benchmark; none if left out."""
    rebased: Share = 1.0
    """How far the benchmark moves every year to what was really spent; at 100 % all that was saved lowers it."""
    budget_is_for: Literal["residents", "members"] = "residents"
    """Whose bills: of people whose home lies with a member, wherever they are treated, or of all whom members treat."""
    share: Share
    """Share of savings that members get, at full score."""
    minimum_savings: Share = 0.0
    """Savings below this share of the benchmark are not shared (minimum savings rate)."""
    quality_gate: Share = 0.0
    """Least score at which savings are shared."""
    scaled_by: dict[str, Target] | None = None
    """Indicators that make the score of quality, by name; none if left out."""
    losses: Losses | None = None
    """Part of losses that members bear; none if left out (one-sided)."""
    limit: Annotated[Share, Field(gt=0)] = 1.0
    """Most that members get or pay back, as a share of the benchmark."""

    @property
    def prepaid(self) -> bool:
        return False

    def first_budget(self, spent: np.ndarray, heads: np.ndarray, scale: float = 1.0) -> np.ndarray:
        own = spent * (1.0 + self.trend)
        if self.region is None:
            return np.rint(own).astype(np.int64)
        weight = self.region.weight
        return np.rint((1.0 - weight) * own + weight * self.region.per_head * heads).astype(np.int64)

    def next_budget(self, budget: np.ndarray, spent: np.ndarray, heads: np.ndarray) -> np.ndarray:
        return self.first_budget(budget + self.rebased * (spent - budget), heads)

    def score(self, levels: dict[str, float]) -> float:
        return float(score(self.scaled_by, levels))

    def kept(self, balance: int, budget: int, score: float) -> int:
        most = int(self.limit * budget)
        if balance > 0:
            shared = score >= self.quality_gate and balance >= self.minimum_savings * budget
            return min(int(balance * self.share * score), most) if shared else 0
        if self.losses is None or -balance < self.losses.minimum * budget:
            return 0
        return -min(int(-balance * self.losses.borne), most)

    def worth(self, pace: float, score: float) -> float:
        kept = self.share * score if score >= self.quality_gate else 0.0
        worth = self._slope(kept, self.minimum_savings, pace)
        if self.losses:
            worth += self._slope(self.losses.borne, self.losses.minimum, -pace)
        return worth

    def _slope(self, share: float, minimum: float, pace: float) -> float:
        """Slope of the expected ``share`` of a balance: that between the minimum and the limit, and the jump at the
        minimum times the chance to be there."""
        if not share:
            return 0.0
        most = self.limit / share
        over = float(logistic((pace - minimum) / self.DOUBT))
        if most <= minimum:
            return self.limit * over * (1.0 - over) / self.DOUBT
        between = over - float(logistic((pace - most) / self.DOUBT))
        return share * (between + minimum * over * (1.0 - over) / self.DOUBT)
