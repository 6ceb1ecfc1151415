"""Supervision of bills and records (医保基金监管): what is false and found is paid back and fined.

A bureau audits a share of cases by hand and a platform reads the data of a share of the others; of what is false in the
cases seen, a share is detected. The law of large numbers is taken at its word: of the excess, the expected share is
found, without a draw, so a fine is smooth in conduct. What was paid too much goes back to the fund; the fine, so many
times it, goes to the government (State Council Decree 735 of 2021, Regulation on Supervision of Healthcare Security
Funds, article 40: two to five times; fines go to the treasury).
"""

from collections.abc import Iterator, Mapping

import numpy as np

from simulator.core.fields import Block
from simulator.core.money import Transfer, rounded
from simulator.core.units import Share, Times
from simulator.declare.books import BOOKS
from simulator.services.service import Billed, Service

CASES, DAYS, WEIGHT, CODED, SPLIT, SPLIT_WEIGHT, IDLE = (
    BOOKS[name] for name in ("cases", "days", "weight", "coded", "split", "split_weight", "idle")
)


def codes(counts: np.ndarray) -> None:
    """Upcoding undone: no more weight than there was, but for what stays billed as two brought."""
    counts[:, CODED] = np.minimum(counts[:, CODED], counts[:, WEIGHT] + counts[:, SPLIT_WEIGHT])


def splits(counts: np.ndarray) -> None:
    """Splitting undone: the second halves are no cases and have no weight."""
    counts[:, CASES] -= counts[:, SPLIT]
    counts[:, CODED] -= np.minimum(counts[:, SPLIT_WEIGHT], counts[:, CODED])


def idle_days(counts: np.ndarray) -> None:
    """Empty beds undone."""
    counts[:, DAYS] -= counts[:, IDLE]


KINDS = (("", codes), (":split", splits), (":idle_days", idle_days))
"""Ending of the words of the ledger, and what undoes a kind of false entry in counts (C, len(COUNTED))."""


class Supervision(Block):
    """Supervision by hand (audits) and by data (智能监管)."""

    audited: Share
    """Share of cases that are audited by hand."""
    detects: Share
    """Share of what is false in the cases seen that is found."""
    fine: Times
    """Fine as a multiple of what was paid too much, on top of paying it back."""
    data: Share = 0.0
    """Share of the other cases whose data a platform checks as well as an audit does."""

    @property
    def found(self) -> float:
        """Chance that a false entry is found."""
        return (self.audited + (1 - self.audited) * self.data) * self.detects

    @property
    def penalty(self) -> float:
        """What a provider expects each fen that a false entry brings to cost it: paid back with the fine, if found."""
        return self.found * (1 + self.fine)

    def expected_cost(self, per_weight: np.ndarray) -> np.ndarray:
        """What a provider expects one unit of weight coded too high to cost it, fen per unit, in the shape of what that
        unit earns it, ``per_weight``: the believed income of one more unit of coded weight."""
        return self.penalty * per_weight

    def finds(self, billed: Billed) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """By kind, ending of its words in the ledger, repayment and fine after a month, int64 fen by cell (n,) each.

        What was paid too much is the difference between the fund's part as booked and as it should have been booked;
        what is undone for one kind stays undone for the next, so no fen is asked back twice.
        """
        counts = billed.counts
        suspect = (counts[:, CODED] > counts[:, WEIGHT]) | (counts[:, SPLIT] > 0) | (counts[:, IDLE] > 0)
        cells = np.flatnonzero(suspect)
        true = counts[cells]
        now = billed.fund_pays(cells, true)
        for kind, undo in KINDS:
            undo(true)
            before, now = now, billed.fund_pays(cells, true)
            repaid = np.zeros(len(counts), np.int64)
            repaid[cells] = rounded(self.found * np.maximum(0, before - now))
            yield kind, repaid, rounded(self.fine * repaid)

    def for_records(self, activity: Mapping[str, np.ndarray], facilities: int) -> np.ndarray:
        """What steps down that are only on record cost after a month, int64 fen (F,), all to the government: what the
        records were worth to the hospital, and the fine. No bill stands behind them that a fund could ask back."""
        none = np.zeros(facilities)
        false, worth = (activity.get(name, none) for name in ("false_down", "record_worth"))
        return rounded(self.penalty * false * worth)


SERVICE = Service(
    source="State Council Decree 735 (2021); rates by judgement",
    terms=Supervision,
    example="""
baseline:
  services:
    supervision: {audited: 10%, detects: 50%, fine: 5 times}
""",
)


def believe(beliefs, terms):
    """A provider expects what is false to cost it what it brings, as often as it is found, and the fine."""
    beliefs["fine"] = terms.expected_cost(beliefs["weight"]) if terms else 0.0
    beliefs["penalty"] = terms.penalty if terms else 0.0


def settle(terms, billed):
    """What is found goes back to the fund, by kind of false entry; fines go to the government."""
    market = billed.market
    records = terms.for_records(market.activity, len(market.tier))
    yield Transfer("facility", "government", "fine:false_referral", records)
    for kind, repaid, fine in terms.finds(billed):
        yield Transfer("facility", "fund", f"audit{kind}", market.by_plan(repaid))
        yield Transfer("facility", "government", f"fine{kind}", market.by_plan(fine).sum(axis=1))
