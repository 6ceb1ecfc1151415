"""Charity and mutual-aid funds (慈善救助、医疗互助): donations pay part of what ruins a family, while they last.

relief of a family = floor(share × what it paid this month beyond its catastrophic threshold of the year)
share = pays, or, where the fund does not hold enough, what it holds over what all families paid beyond theirs

One share for all families in a month, so nobody is served first and the fund never owes.
"""

from dataclasses import dataclass, field

import numpy as np

from simulator.core.money import instalment
from simulator.fund.ledger import Ledger


@dataclass
class Charity:
    """A charity in force; money is fen of the sample."""

    name: str
    account: int  # position in the ledger
    donations: int  # fen a year for each person
    pays: float  # share of payments beyond the threshold
    before: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    """What each family had paid beyond its threshold when the month began, fen (family,)."""

    def begin_month(self, ledger: Ledger, families: np.ndarray, persons: int, calendar: int) -> None:
        """Donations come in; what ``families`` have paid this year is remembered."""
        fen = int(instalment(np.array(persons * self.donations), calendar))
        ledger.post("donors", ledger.accounts[self.account], "donation", fen)
        self.before = beyond(families) if calendar > 1 else np.zeros(len(families), np.int64)

    def relieve(self, ledger: Ledger, families: np.ndarray) -> np.ndarray:
        """What each family is given back of the month's payments, fen, int64 (family,)."""
        new = np.maximum(0, beyond(families) - self.before)
        held, asked = max(0, int(ledger.balance[self.account])), int(new.sum())
        share = min(self.pays, held / asked) if asked else 0.0
        relief = np.floor(new * share).astype(np.int64)
        ledger.post(ledger.accounts[self.account], "families", "relief", int(relief.sum()))
        return relief


def beyond(families: np.ndarray) -> np.ndarray:
    """What families have paid this year beyond the threshold at which it is catastrophic, fen, int64 (family,)."""
    return np.maximum(0, families["paid_year"] - families["catastrophic_at"])
