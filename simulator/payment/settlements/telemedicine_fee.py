"""Fee for remote consultation at the local price (远程会诊费, 按当地价格): test here, read there."""

from typing import ClassVar

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import rounded, share_out
from simulator.core.names import OUTPATIENT
from simulator.core.units import Money, Share
from simulator.declare.use import Use
from simulator.payment.books import CASES
from simulator.payment.payer_shares import divided_over_plans, paid_by, scope
from simulator.payment.price import by_row
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Tier, Transfer


class Rule(SettlementRule):
    """A place that asks a hospital for an opinion bills it at its own, local price; the one that reads gets part of it.

    price of a consultation = that of the tier that asks
    asking places = (1 − reader's share) × price × consultations asked for
    reading places = what is left for them of all, by consultations read
    the fund pays fund_pays of it, patients the rest

    The test itself is done and billed where the patient is, at the prices there, once. Funds share their part by what
    they paid the place in the last year. A reader expects requests from where visits are.
    """

    source: ClassVar[str] = (
        "Ningxia NHSA 2018-2019: remote consultation, imaging and ECG paid as face to face, at the primary price; "
        "NHSA 2019 no. 47 and 2020 no. 45 (互联网+)"
    )
    example: ClassVar[str] = """
remote:
  for: all
  rule: telemedicine_fee
  fee: {station: 40 yuan, centre: 60 yuan}
  fund_pays: 70%
  reader_share: 60%
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "families", "facility")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("no remote consultation was paid for", "没有发生远程会诊费"),
            postings=("consultation", "consultation_own"),
        ),
    )

    fee: dict[Tier, Money]
    """Price of a consultation by tier of the place that asks, fen; nothing is paid where a tier is left out."""
    fund_pays: Share
    """Share that the fund pays."""
    reader_share: Share
    """Share that goes to the place that answers."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        none, places = np.zeros(len(market.tier), np.int64), market.places(mine)
        asked, read = (np.where(places, market.activity.get(what, none), 0) for what in ("consulted", "read"))
        whole = rounded(asked * market.of_tier(self.fee))
        theirs = rounded(whole * self.reader_share)
        fen = whole - theirs
        if read.any():
            fen = fen + share_out(int(theirs.sum()), read)
        fund = rounded(fen * self.fund_pays)
        by_plan = divided_over_plans(fund, paid_by(market, books, mine), scope(market, mine))
        return [
            Transfer("fund", "facility", "consultation", by_plan),
            Transfer("families", "facility", "consultation_own", fen - fund),
        ]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        price = np.where(market.places(mine), market.of_tier(self.fee), 0.0)
        visits = mine & (market.cells["care"] == OUTPATIENT)
        seen = visits.astype(np.int64) if books.year is None else np.where(visits, books.year[:, CASES], 0)
        requests = by_row(seen, market.cells["facility"], len(price)) * (price > 0)
        usual = (price * requests).sum() / max(requests.sum(), 1)
        facility = market.cells["facility"]
        return {
            ("doer", "consult"): np.where(mine, (1 - self.reader_share) * price[facility], 0.0),
            ("doer", "read"): np.where(mine, self.reader_share * usual, 0.0),
        }
