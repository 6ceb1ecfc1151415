"""Relief in force: donations come in, families in need get some of what they paid back."""

from dataclasses import dataclass, field

import numpy as np

from simulator.core.whole import ALONE, Whole
from simulator.fund.ledger import Ledger
from simulator.fund.plan import Relief


@dataclass
class Reliever:
    """A plan of relief in force; money is fen of the sample."""

    name: str
    account: int  # position in the ledger
    plan: Relief
    before: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    """What each family had paid beyond its threshold when the month began, fen (family,)."""

    def begin_month(self, ledger: Ledger, families: np.ndarray, persons: int, calendar: int) -> None:
        """Donations come in; what ``families`` have paid this year is remembered."""
        ledger.post("donors", ledger.accounts[self.account], "donation", self.plan.income(persons, calendar))
        self.before = beyond(families) if calendar > 1 else np.zeros(len(families), np.int64)

    def relieve(self, ledger: Ledger, families: np.ndarray, whole: Whole = ALONE) -> np.ndarray:
        """What each family is given back of the month's payments, fen, int64 (family,)."""
        new = np.maximum(0, beyond(families) - self.before)
        (asked,) = whole.total(new.sum())
        relief = self.plan.relief(new, int(asked), max(0, int(ledger.balance[self.account])))
        (given,) = whole.total(relief.sum())
        ledger.post(ledger.accounts[self.account], "families", "relief", int(given))
        return relief


def beyond(families: np.ndarray) -> np.ndarray:
    """What families have paid this year beyond the threshold at which it is catastrophic, fen, int64 (family,)."""
    return np.maximum(0, families["paid_year"] - families["catastrophic_at"])
