"""Fee for specialists who work at the centres (专家下沉补助)."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import rounded, share_out
from simulator.core.names import CENTRE
from simulator.core.units import Money, Share
from simulator.declare.use import Use
from simulator.payment.payer_shares import divided_over_plans, paid_by, scope
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer


class Rule(SettlementRule):
    """A hospital is paid for the hours that its specialists work at the places below it.

    paid = hours × per hour
    passed to doctors = to_doctors × what was paid

    Funds share it by what they paid the hospital in the last year. Where the places that receive pay, the stations and
    centres in scope share it by their doctors, and it passes through the funds, which neither gain nor lose; where none
    is in scope nobody pays. Beliefs are about what hospital and doctors earn together.
    """

    source: ClassVar[str] = (
        "Expert outreach that the alliance pays for, and outreach clinics that nobody pays (医师下沉; evidence ORG1, "
        "F04); who pays is set by the scenario"
    )
    example: ClassVar[str] = """
outreach:
  for: {tiers: hospital}
  rule: outreach_fee
  per_hour: 150 yuan
  paid_by: fund
  to_doctors: 60%
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "government", "facility", "doctors")
    use: ClassVar[tuple[Use, ...]] = (
        Use(unused=Text("no hour of outreach was paid for", "没有发生专家下沉补助"), postings=("outreach_fee",)),
        Use(
            unused=Text("nothing of the fee for outreach reached a doctor", "专家下沉补助未分配到医生"),
            postings=("outreach_pay",),
            wanted="to_doctors",
        ),
    )

    per_hour: Money
    """Fee for an hour, fen."""
    paid_by: Literal["fund", "government", "receiver"]
    """Who pays it."""
    to_doctors: Share = 0.0
    """Share of the fee that the hospital passes to its doctors at once."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        hours = market.activity.get("outreach_hours", np.zeros(len(market.tier)))
        fee = rounded(np.where(self._senders(market, mine), hours * self.per_hour, 0.0))
        receivers = market.doctors * (market.places(mine) & (market.tier <= CENTRE))
        if self.paid_by == "receiver" and not receivers.any():
            return []
        passed = Transfer("facility", "doctors", "outreach_pay", rounded(fee * self.to_doctors))
        if self.paid_by == "government":
            return [Transfer("government", "facility", "outreach_fee", fee), passed]
        by_plan = divided_over_plans(fee, paid_by(market, books, mine), scope(market, mine))
        moved = [Transfer("fund", "facility", "outreach_fee", by_plan), passed]
        if self.paid_by == "receiver":
            parts = np.stack([share_out(int(fen), receivers) for fen in by_plan.sum(axis=0)], axis=1)
            moved.insert(0, Transfer("facility", "fund", "outreach_charge", parts))
        return moved

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        payers = market.places(mine) & (market.tier <= CENTRE) & (market.doctors > 0)
        if self.paid_by == "receiver" and not payers.any():
            return {}
        return {("panel", "outreach"): np.where(self._senders(market, mine), float(self.per_hour), 0.0)}

    def _senders(self, market: Market, mine: np.ndarray) -> np.ndarray:
        return market.places(mine) & (market.tier > CENTRE)
