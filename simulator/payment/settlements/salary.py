"""Doctors' pay (薪酬): a basic salary and a share of what their facility earns, or a target salary."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from simulator.core.messages import Text
from simulator.core.money import instalment, rounded
from simulator.core.units import WAGES, PerYear, Share, Times
from simulator.declare.use import Use
from simulator.payment.rule import Books, Market, SettlementRule, Tier, Transfer
from simulator.payment.score import smooth


class Rule(SettlementRule):
    """A facility pays its doctors a basic salary, and a bonus out of what it earns beyond it (收支结余提成), up to a
    ceiling on their pay; or, in tiers with a target salary (目标年薪制), that and no bonus.

    salary = doctors × basic / 12, to the fen over the calendar year; with a target salary that in place of basic
    bonus = min(pass-through × max(0, the month's margin after suppliers and salary), (ceiling − 1) × salary)

    Doctors are paid last, on what every other rule has left, wherever the rule is listed. A month with a loss has no
    bonus and is not held against the next one; the ceiling, too, is held month by month, so that what one month has too
    much does not fill up another. The last fen of margin reaches the doctors as far as they expect to have a margin and
    to stay below the ceiling, both by the margin of the last twelve months.
    """

    source: ClassVar[str] = (
        "MoHRSS 2017 no. 10 and 2021 no. 52, pay reform of public hospitals (两个允许); Sanming: target annual salary"
    )
    example: ClassVar[str] = """
doctor_pay:
  for: all
  rule: salary
  basic: {station: 58000 yuan/year, centre: 105000 yuan/year, secondary: 240000 yuan/year}
  target: {tertiary: 600000 yuan/year}
  pass_through: 30%
  ceiling: 2.5 times
"""
    accounts: ClassVar[tuple[str, ...]] = ("facility", "doctors")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("no doctor was paid under the rule of pay", "没有医生按该薪酬规则领薪"),
            postings=("salary", "bonus"),
        ),
    )
    last: ClassVar[bool] = True
    DOUBT: ClassVar[float] = 0.1
    """Scale of the logistic doubt about a year's bonus against the ceiling, as a share of what the ceiling leaves for
    it; by judgement."""

    LOSS: ClassVar[float] = 0.1
    """Scale of the logistic doubt whether there will be a margin, as a share of the salaries; by judgement."""

    basic: Annotated[dict[Tier, PerYear], WAGES] = Field(default_factory=dict)
    """Basic salary of a doctor by tier, fen per year; none where a tier is left out."""
    target: Annotated[dict[Tier, PerYear], WAGES] = Field(default_factory=dict)
    """Target salary of a doctor by tier, fen per year, in place of basic salary and bonus (年薪制)."""
    pass_through: Share = 0.0
    """Share of the margin that reaches the doctors (提成比例)."""
    ceiling: Annotated[Times, Field(ge=1)] | None = None
    """Most that a doctor may earn, times the basic salary (薪酬上限); none if left out."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        places = market.places(mine)
        salary = instalment(self._salaries(market, places), market.calendar)
        bonus = rounded(np.where(places, self._passed(market) * np.maximum(0, margin - salary), 0.0))
        if self.ceiling is not None:
            bonus = np.minimum(bonus, rounded((self.ceiling - 1) * salary))
        return [Transfer("facility", "doctors", "salary", salary), Transfer("facility", "doctors", "bonus", bonus)]

    def shared_margin(self, market: Market, mine: np.ndarray) -> np.ndarray:
        places, passed = market.places(mine), self._passed(market)
        if market.earned is not None:
            passed = passed * smooth(market.earned / (self.LOSS * np.maximum(self._salaries(market, places), 1)))
        if self.ceiling is not None and market.earned is not None:
            room = (self.ceiling - 1) * self._salaries(market, places)
            bonus = passed * np.maximum(0, market.earned)
            passed = passed * np.where(room > 0, smooth((room - bonus) / (self.DOUBT * np.maximum(room, 1))), 0.0)
        return np.where(places, passed, 0.0)

    def _salaries(self, market: Market, places: np.ndarray) -> np.ndarray:
        """Basic or target salaries of a year, whole fen (F,)."""
        return rounded(np.where(places, market.doctors * market.of_tier({**self.basic, **self.target}), 0.0))

    def _passed(self, market: Market) -> np.ndarray:
        """Share of the margin that is a bonus, below any ceiling (F,)."""
        return np.where(market.of_tier(dict.fromkeys(self.target, 1.0)) > 0, 0.0, self.pass_through)
