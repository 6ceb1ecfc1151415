"""Supervision of bills and records (医保基金监管): what is false and found is paid back and fined.

A bureau audits a share of cases by hand and a platform reads the data of a share of the others; of what is false in the
cases seen, a share is detected. The law of large numbers is taken at its word: of the excess, the expected share is
found, without a draw, so a fine is smooth in conduct. What was paid too much goes back to the fund; the fine, so many
times it, goes to the government (State Council Decree 735 of 2021, Regulation on Supervision of Healthcare Security
Funds, article 40: two to five times; fines go to the treasury).
"""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from simulator.core.money import rounded
from simulator.core.units import Share, Times
from simulator.payment.books import CASES, CODED, DAYS, IDLE, SPLIT, SPLIT_WEIGHT, WEIGHT
from simulator.payment.market import Market
from simulator.payment.price import allowed, fund_part
from simulator.payment.rule import Tariff


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


class Supervision(BaseModel):
    """Supervision by hand (audits) and by data (智能监管)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: ClassVar[str] = "State Council Decree 735 (2021); rates by judgement"

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

    def settle(self, tariff: Tariff, counts: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """By kind, ending of its words in the ledger, repayment and fine after a month, int64 fen by cell (C,) each.

        What was paid too much is the difference between the fund's part as booked and as it should have been booked;
        what is undone for one kind stays undone for the next, so no fen is asked back twice.
        """
        suspect = (counts[:, CODED] > counts[:, WEIGHT]) | (counts[:, SPLIT] > 0) | (counts[:, IDLE] > 0)
        cells = np.flatnonzero(suspect)
        own = Tariff(**{name: getattr(tariff, name)[cells] for name in Tariff.__dataclass_fields__})
        true = counts[cells]
        now = fund_part(allowed(own, true), true)
        for kind, undo in KINDS:
            undo(true)
            before, now = now, fund_part(allowed(own, true), true)
            repaid = np.zeros(len(counts), np.int64)
            repaid[cells] = rounded(self.found * np.maximum(0, before - now))
            yield kind, repaid, rounded(self.fine * repaid)

    def for_records(self, market: Market) -> np.ndarray:
        """What steps down that are only on record cost after a month, int64 fen (F,), all to the government: what the
        records were worth to the hospital, and the fine. No bill stands behind them that a fund could ask back."""
        false = market.activity.get("false_down", np.zeros(len(market.tier)))
        worth = market.activity.get("record_worth", np.zeros(len(market.tier)))
        return rounded(self.penalty * false * worth)
