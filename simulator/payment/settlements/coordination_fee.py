"""Fee for coordinated referral (双向转诊协调费): for a patient who arrived, up, down, and back home after both."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import rounded
from simulator.core.names import CENTRE, CONTINUED, INPATIENT, OUTPATIENT
from simulator.core.units import Money, Share
from simulator.declare.use import Use
from simulator.payment.books import MOVED
from simulator.payment.payer_shares import Sources, divided_over_plans, paid_by, scope
from simulator.payment.price import THOUSANDTHS, by_row
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer

Way = Literal["up", "down", "both_ways"]


class Rule(SettlementRule):
    """Those who send a patient and those who receive the patient share a fee for every referral that was completed.

    paid = patients sent × sender's share × fee of the way + patients received × what is left of that fee
    passed to doctors = to_doctors × what was paid

    The way up is completed when a hospital has seen the patient, the way down when the place that takes over has the
    patient in bed. The fee for both ways comes on top when a patient who had been sent up is stepped down to the own
    home centre; it is shared like that step down, so the home centre is its receiver. Intentions and records earn
    nothing. A place in scope gets its part wherever the other side is. Funds share theirs by what they paid the place
    in the last year.

    Believed: a patient sent up, seen there, comes back as often as in the last year, to a centre; a unit of weight
    moved brings what the patients moved in the last year bring, by their weight. Beliefs are about what place and
    doctors earn together.
    """

    source: ClassVar[str] = (
        "Coordination of referral paid as a service of its own, after the transitional care management codes of US "
        "Medicare (CPT 99495 and 99496, since 2013); pay for two-way referral in the guidance on medical alliances, "
        "State Council Office 2017 no. 32; amounts are the user's"
    )
    example: ClassVar[str] = """
coordination:
  for: all
  rule: coordination_fee
  fee: {up: 30 yuan, down: 200 yuan, both_ways: 300 yuan}
  sources: {insurance: 80%, public_health: 20%}
  sender_share: 50%
  to_doctors: 60%
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "government", "families", "facility", "doctors")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("nobody was referred for whom the fee for coordination is paid", "没有发生转诊协调费"),
            postings=("coordination_fee", "coordination_fee_public", "coordination_fee_own"),
        ),
        Use(
            unused=Text("nothing of the fee for coordination reached a doctor", "转诊协调费未分配到医生"),
            postings=("coordination_pay",),
            wanted="to_doctors",
        ),
    )

    fee: dict[Way, Money]
    """Fee for a patient by way completed, fen; nothing is paid for a way that is left out."""
    sources: Sources
    """Who pays which share of it: the fund, the government, the family."""
    sender_share: Share = 0.5
    """Share of a fee that goes to the place that sent the patient; the rest goes to the place that received."""
    to_doctors: Share = 0.0
    """Share of what it gets that a place passes to its doctors at once."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        due = rounded(np.where(market.places(mine), self._due(market.activity, market.tier), 0))
        insurance, public = (self.sources.get(source, 0.0) for source in ("insurance", "public_health"))
        fund = rounded(due * insurance)
        others = rounded(due * (insurance + public)) if "self_pay" in self.sources else due
        by_plan = divided_over_plans(fund, paid_by(market, books, mine), scope(market, mine))
        return [
            Transfer("fund", "facility", "coordination_fee", by_plan),
            Transfer("government", "facility", "coordination_fee_public", others - fund),
            Transfer("families", "facility", "coordination_fee_own", due - others),
            Transfer("facility", "doctors", "coordination_pay", rounded(due * self.to_doctors)),
        ]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        size, hospital = len(market.tier), market.tier > CENTRE
        went_up, moved, taken_over, both = (
            books.done(what, size) for what in ("went_up", "moved", "taken_over", "both_ways")
        )
        sent, received = self._parts()
        out = sent["down"] + sent["both_ways"] * usual(both * hospital, moved, 0)
        into = received["down"] + received["both_ways"] * usual(both * ~hospital, taken_over, 0)
        back = (both * ~hospital).sum() / max(went_up.sum(), 1)
        up = sent["up"] + (market.tier == CENTRE) * back * (received["down"] + received["both_ways"])
        facility, care, places = market.cells["facility"], market.cells["care"], market.places(mine)

        def of_weight(fen: np.ndarray, setting: int, patients: np.ndarray) -> np.ndarray:
            """By cell (C,), fen per unit of weight, from fen per patient (F,)."""
            weight = np.zeros(size, np.int64)
            if books.year is not None:
                weight = by_row(np.where(care == setting, books.year[:, MOVED], 0), facility, size)
            each = fen * places * THOUSANDTHS / usual(weight, patients, THOUSANDTHS)
            return np.where(care == setting, each[facility], 0.0)

        return {
            ("doer", "referred_up"): np.where(care == OUTPATIENT, (up * places * ~hospital)[facility], 0.0),
            ("doer", "moved_out"): of_weight(out * hospital, INPATIENT, moved),
            ("doer", "moved_in"): of_weight(into * ~hospital, CONTINUED, taken_over),
        }

    def _parts(self) -> tuple[dict[Way, int], dict[Way, int]]:
        """Whole fen of a fee that go to the sender and to the receiver, by way."""
        ways: tuple[Way, ...] = ("up", "down", "both_ways")
        sent = {way: int(rounded(np.array(self.fee.get(way, 0) * self.sender_share))) for way in ways}
        return sent, {way: self.fee.get(way, 0) - sent[way] for way in ways}

    def _due(self, done: Mapping[str, np.ndarray], tier: np.ndarray) -> np.ndarray:
        """Fen that each place has earned by what was ``done`` in the month (F,)."""
        none = np.zeros(len(tier), np.int64)
        sent, received = self._parts()
        both = done.get("both_ways", none)
        return (
            sent["up"] * done.get("went_up", none)
            + received["up"] * done.get("received_up", none)
            + sent["down"] * done.get("moved", none)
            + received["down"] * done.get("taken_over", none)
            + np.where(tier > CENTRE, sent["both_ways"], received["both_ways"]) * both
        )


def usual(top: np.ndarray, patients: np.ndarray, unknown: float) -> np.ndarray:
    """``top`` per patient at each place (F,): of its own patients and of one more who is as all are; ``unknown`` until
    there is any patient at all."""
    known = np.where(patients > 0, top, 0)
    mean = known.sum() / patients.sum() if patients.any() else unknown
    return (known + mean) / (patients + 1)
