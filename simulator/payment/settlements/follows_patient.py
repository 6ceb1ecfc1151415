"""Money follows the patient (医保资金随患者流动): part of the price of a stay goes where the stay goes on."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import rounded, share_out
from simulator.core.names import CONTINUED, INPATIENT
from simulator.core.units import Share
from simulator.declare.use import Use
from simulator.payment.books import CODED, DAYS, MOVED, WEIGHT
from simulator.payment.price import THOUSANDTHS, by_row, provider_income
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer


class Rule(SettlementRule):
    """Whoever steps a patient down gives back part of what the weight of the stay earns it; whoever takes the patient
    over gets it. The money passes through the fund, which neither gains nor loses.

    given by a sender = share × its price of a unit of weight × weight that it moved
    got by a receiver = all that was given for patients of the plan × its part of the weight taken over
    price of a unit of weight = what fund and patients paid for stays in the last twelve months / their coded weight
    by remaining stay: share = tail / (head + tail), with
    tail = continued days per weight moved, head = inpatient days per weight

    Where part of the moved weight goes to places out of scope, only that of the others follows. The price is read from
    the books, so the rule lies over any tariff; so are the days that remain, which are none until somebody was moved.
    """

    source: ClassVar[str] = (
        "Case payment split with the place that takes the patient over, as stated of the Shanghai and Shenzhen "
        "pilots, 2017-2023 (evidence S05, S06); shares are not stated there"
    )
    example: ClassVar[str] = """
follows:
  for: {care: inpatient}
  rule: follows_patient
  share: 8%                     # or remaining_stay
"""
    accounts: ClassVar[tuple[str, ...]] = ("facility", "fund")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("no money followed a patient who was stepped down", "没有资金随下转患者流动"),
            postings=("followed_out", "followed_in"),
        ),
    )

    share: Literal["remaining_stay"] | Share
    """Share of the price of the moved weight that goes with the patient, or by the days that remain."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        if books.year is None:
            return []
        price, share, _ = self._terms(market, books, books.year, mine)
        out, into = (market.by_plan(w) for w in self._moved(market, books.counts[-1], mine))
        given = rounded(share * part_of(into, out) * price * out / THOUSANDTHS)
        got = np.zeros_like(given)
        for plan in np.flatnonzero(given.sum(axis=0)):
            got[:, plan] = share_out(int(given[:, plan].sum()), into[:, plan])
        return [Transfer("facility", "fund", "followed_out", given), Transfer("fund", "facility", "followed_in", got)]

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        if books.year is None:
            return {}
        price, share, treated = self._terms(market, books, books.year, mine)
        out, into = (market.by_plan(w) for w in self._moved(market, books.year, mine))
        # Until somebody was moved, the weights treated stand for the weights that will be.
        weights = np.where(out.sum(axis=0) > 0, out, treated)
        usual = (price * weights).sum(axis=0) / np.maximum(weights.sum(axis=0), 1)
        per_in = share * usual * part_of(out, into)
        per_out = share * part_of(into, out) * price
        facility, plan, care = (market.cells[column] for column in ("facility", "plan", "care"))
        return {
            ("doer", "moved_out"): np.where(mine & (care == INPATIENT), -per_out[facility, plan], 0.0),
            ("doer", "moved_in"): np.where(mine & (care == CONTINUED), per_in[plan], 0.0),
        }

    def _moved(self, market: Market, counts: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weight that each cell sent away, and that it took over, thousandths (C,) each."""
        care, moved = market.cells["care"], np.where(mine, counts[:, MOVED], 0)
        return np.where(care == INPATIENT, moved, 0), np.where(care == CONTINUED, moved, 0)

    def _terms(
        self, market: Market, books: Books, year: np.ndarray, mine: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Price of a unit of weight (F, P), fen, that of the plan where a place has treated nobody; the share by plan
        (P,); the coded weight of stays in the last year (F, P), thousandths."""
        stays = mine & (market.cells["care"] == INPATIENT)
        income = provider_income(books.paid(-12), year)
        earned, weight = (market.by_plan(np.where(stays, x, 0)) for x in (income, year[:, CODED]))
        usual = earned.sum(axis=0) / np.maximum(weight.sum(axis=0), 1)
        price = np.where(weight > 0, earned / np.maximum(weight, 1), usual) * THOUSANDTHS
        if self.share != "remaining_stay":
            return price, np.full(market.plans, self.share), weight
        going_on = mine & (market.cells["care"] == CONTINUED)

        def per_weight(cells: np.ndarray, column: int) -> np.ndarray:
            days, weights = (by_row(year[cells, c], market.cells["plan"][cells], market.plans) for c in (DAYS, column))
            return days / np.maximum(weights, 1)

        head, tail = per_weight(stays, WEIGHT), per_weight(going_on, MOVED)
        return price, tail / np.maximum(head + tail, np.finfo(float).tiny), weight


def part_of(some: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """How far ``some`` weight (F, P) makes up for the moved ``weight`` (F, P), by plan (P,), at most 1; 1 where nothing
    was moved."""
    top, bottom = some.sum(axis=0), weight.sum(axis=0)
    return np.where(bottom > 0, np.minimum(1.0, top / np.maximum(bottom, 1)), 1.0)
