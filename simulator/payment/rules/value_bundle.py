"""Value-based bundle (按价值付费, 整体打包): so much for every person, by what was reached for them."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from simulator.core.clock import DECEMBER
from simulator.core.messages import say
from simulator.core.money import instalment, rounded
from simulator.core.names import CENTRE, PARTS
from simulator.core.units import PRICES, Change, PerYear, Share
from simulator.payment.panel import Panel
from simulator.payment.price import charge
from simulator.payment.prospective import billed
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule
from simulator.payment.score import Target, marginal, scored
from simulator.payment.years import Year

WHOLE = 1e-6


class Saving(Target):
    """How the growth of charges, this year's over last year's, moves the score."""

    none_at: Change
    """Growth at which it adds nothing."""
    full_at: Change
    """Growth at which it adds its whole weight."""


class Rule(TariffRule):
    """Every bill is allowed nothing; the provider keeps what patients pay and gets an amount for every person, as far
    as the goals were reached.

    due of a year = amount × persons × score
    score = Σ weight × clip((level − none_at) / (full_at − none_at), 0, 1) over outcomes, satisfaction and cost
    paid in a month = 1/12 × prepaid × amount × persons; in December what is due beyond it, or less than it, follows
    levels: indicators as they are in December; for cost, the year's charges for care at the place over last year's

    Persons belong to the centre that answers for where they live, of the plans whose bills there the rule owns. Where
    last year's charges are not known, the weight of cost is paid in full.

    Believed: one patient more under control, or under follow-up, earns what it adds to the score, times the amount for
    the whole panel; a fen billed earns the patient's part and loses what it adds to cost; each only while the level is
    on its way, with some doubt near the ends. One more person earns the amount at the score now expected.
    """

    source: ClassVar[str] = (
        "Value-based pilots (按价值付费试点): base by outcome, satisfaction and cost control (evidence S21); the "
        "weights are not stated and are the user's"
    )
    example: ClassVar[str] = """
chronic_care:
  for: {tiers: primary, care: [outpatient]}
  rule: value_bundle
  amount: 180 yuan/year
  per: diagnosed
  prepaid: 70%
  scaled_by:
    control_share: {weight: 50%, none_at: 10%, full_at: 40%}
    satisfaction: {weight: 20%, none_at: 60%, full_at: 90%}
  cost: {weight: 30%, none_at: 10%, full_at: -5%}
"""
    reads_panel: ClassVar[bool] = True

    amount: Annotated[PerYear, PRICES, Field(gt=0)]
    """Amount for a person at the full score, fen per year."""
    per: Literal["head", "diagnosed"] = "head"
    """Who counts: everybody registered, or patients whose chronic disease is known."""
    prepaid: Annotated[Share, Field(gt=0)] = 0.7
    """Share of the amount at the full score that is paid month by month."""
    scaled_by: dict[str, Target] = Field(default_factory=dict)
    """Outcomes and satisfaction by indicator, such as control_share, managed_share, satisfaction."""
    cost: Saving | None = None
    """Charges of the year for the rule's bills at the place, as growth over last year's."""

    @model_validator(mode="after")
    def _adds_up(self) -> "Rule":
        total = sum(goal.weight for goal in (*self.scaled_by.values(), self.cost) if goal)
        if abs(total - 1) > WHOLE:
            raise ValueError(say("check_parts_sum", total=f"{100 * total:g}%"))
        return self

    def tariff(self, market: Market) -> Tariff:
        return market.tariff()

    def _persons(self, market: Market, mine: np.ndarray) -> np.ndarray:
        """Persons who count, by facility and plan (F, P)."""
        panel = market.panel or Panel.empty(len(market.tier), market.plans)
        owned = np.zeros((len(market.tier), market.plans), bool)
        primary = mine & (market.cells["tier"] <= CENTRE)
        owned[market.cells["facility"][primary], market.cells["plan"][primary]] = True
        return owned * (panel.diagnosed if self.per == "diagnosed" else panel.registered.sum(axis=2))

    def _growth(
        self, market: Market, now: np.ndarray, last: np.ndarray | None, mine: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Growth of charges over last year's, and these, fen, by facility (F,); 0 where they are not known."""
        size, facility = len(market.tier), market.cells["facility"]
        if last is None:
            return np.zeros(size), np.zeros(size)
        year, before = (np.bincount(facility, np.where(mine, charge(counts), 0), size) for counts in (now, last))
        return np.where(before > 0, year / np.maximum(1.0, before) - 1, 0.0), before

    def _score(self, market: Market, books: Books, growth: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Score by facility (F,)."""
        reached = np.zeros(len(market.tier))
        if self.scaled_by:
            reached = reached + scored(self.scaled_by, market, books)
        if self.cost:
            reached = reached + self.cost.weight * np.where(last > 0, self.cost.reached(growth), 1.0)
        return reached

    def settle(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        due = rounded(self.prepaid * instalment(self.amount * self._persons(market, mine), market.calendar))
        if market.calendar != DECEMBER:
            return due
        year = Year.of(market, books, DECEMBER)
        score = self._score(market, books, *self._growth(market, year.counts, year.last_counts, mine))
        # A rule in force since the summer owes for the months that it paid.
        return rounded((year.settled + due) / self.prepaid * score[:, None]) - year.settled

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        money = self.amount * self._persons(market, mine).sum(axis=1)
        year = Year.of(market, books, market.calendar - 1)
        growth, last = self._growth(market, year.expected(books), year.last_counts, mine)
        earned = billed(market, books, mine, 1.0)
        if self.cost:
            per_fen = np.where(last > 0, money * self.cost.slope(growth) / np.maximum(1.0, last), 0.0)
            earned = earned + per_fen[market.cells["facility"]]
        beliefs = {("doer", part): earned for part in PARTS}
        everybody = market.panel.registered.sum(axis=(1, 2)) if market.panel else np.zeros(len(money))
        beliefs["panel", "head"] = money * self._score(market, books, growth, last) / np.maximum(1, everybody)
        for entry, added in marginal(self.scaled_by, market, books).items():
            beliefs["panel", entry] = beliefs.get(("panel", entry), 0.0) + money * added
        return beliefs
