"""Bonus for referrals down (双向转诊奖励): so much for every step down that is on record."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import rounded
from simulator.core.names import INPATIENT
from simulator.core.units import Money
from simulator.declare.use import Use
from simulator.payment.payer_shares import divided_over_plans, paid_by, scope
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer


class Rule(SettlementRule):
    """A hospital is paid for patients that its records say were stepped down.

    paid = recorded steps down × per referral

    Records are all that it sees: a step down that is only recorded (虚假转诊) earns as much as a true one. Funds share
    it by what they paid the hospital in the last year.
    """

    source: ClassVar[str] = (
        "Referral targets in the assessment of public hospitals, State Council Office 2015 no. 70; amount by judgement"
    )
    example: ClassVar[str] = """
referral_target:
  for: {tiers: hospital}
  rule: referral_bonus
  per_referral: 200 yuan
  paid_by: fund
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "government", "facility")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("no step down was recorded for which the bonus is paid", "没有发生下转奖励"),
            postings=("referral_bonus",),
        ),
    )

    per_referral: Money
    """Bonus for a recorded step down, fen."""
    paid_by: Literal["fund", "government"]
    """Who pays it."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        recorded = market.activity.get("recorded_down", np.zeros(len(market.tier)))
        fen = rounded(np.where(market.places(mine), recorded * self.per_referral, 0.0))
        if self.paid_by == "fund":
            fen = divided_over_plans(fen, paid_by(market, books, mine), scope(market, mine))
        return [Transfer(self.paid_by, "facility", "referral_bonus", fen)]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        stays = mine & (market.cells["care"] == INPATIENT)
        return {("doer", "recorded_down"): np.where(stays, float(self.per_referral), 0.0)}
