"""The calendar year as the books tell it: months closed since January, and the year before if all of it is known."""

from dataclasses import dataclass

import numpy as np

from simulator.payment.books import COUNTED
from simulator.payment.closed import Books
from simulator.payment.market import Market

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Year:
    """Two calendar years. C cells, F facilities, P plans; counts and fen are int64."""

    closed: int  # months of this year on the books
    counts: np.ndarray  # since January (C, len(COUNTED))
    fund: np.ndarray  # fund's part since January, before settlements, fen (C,)
    settled: np.ndarray  # paid on top by the rule since January, fen (F, P)
    last_counts: np.ndarray | None  # of last year; None if not all of it is known
    last_fund: np.ndarray | None
    last_settled: np.ndarray  # zero if nothing is known

    @classmethod
    def of(cls, market: Market, books: Books, closed: int) -> "Year":
        """The year of which ``closed`` months, 0 to 12, are on the books: ``market.calendar`` after the month, one less
        before it. ``books`` are those of one rule (`Books.of`)."""
        size = len(market.cells)

        def paid(by_name: dict[str, np.ndarray]) -> np.ndarray:
            return sum(by_name.values(), np.zeros((len(market.tier), market.plans), np.int64))

        none = np.zeros((size, len(COUNTED)), np.int64)
        if closed:
            start = len(books.fund) - closed
            since, last, settled, settled_last = books.this_year, books.last_year, books.settled, books.settled_last
        else:  # in January the books still end with the year that is over
            start = len(books.fund)
            whole = books.closed == MONTHS
            since, last, settled, settled_last = none, books.this_year if whole else None, {}, books.settled
        known = last is not None and start >= MONTHS
        return cls(
            closed,
            none if since is None else since,
            books.paid(max(0, start)),
            paid(settled),
            last if known else None,
            books.paid(start - MONTHS, start) if known else None,
            paid(settled_last),
        )

    def expected(self, books: Books) -> np.ndarray:
        """Counts of the whole year as they look today: what is closed, and the rest as in the last twelve months."""
        if books.year is None:
            return self.counts.astype(float)
        return self.counts + books.year * ((MONTHS - self.closed) / len(books.counts))
