"""The ledger: every fen moves by a posting from one named account to another.

Accounts outside the model (families, employers, government, suppliers, donors and so on) run into the red or the black
without limit; what they gave or took is what the others hold, so all balances always sum to zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.core.errors import ModelError
from simulator.core.jit import compiled

OUTSIDE = (
    "families",
    "employers",
    "government",
    "suppliers:drugs",
    "suppliers:tests",
    "suppliers:labour",
    "opening",
    "donors",
    "administration",
    "owners",
)
"""Accounts that every ledger has. ``opening`` gives the funds what they hold when a run begins."""
INDEXED = "indexed"
"""Kind of posting by which what is held keeps its worth where all money grows; it is made where results are told."""

COUNTABLE = 2.0**62
"""Fen: half of what an int64 holds, so that no sum below it has lost its top."""
POSTING = np.dtype([("payer", "i8"), ("payee", "i8"), ("kind", "i8"), ("fen", "i8")])
"""Sum of a month's postings from one account to another of one kind; account and kind are positions in their lists."""


def account_names(
    funds: Sequence[str], facilities: Sequence[str], pools: Sequence[str] = (), insurers: Sequence[str] = ()
) -> list[str]:
    """Every account of a run, in order: those outside, ``fund:PLAN@AREA``, ``facility:NAME``, ``doctors:NAME``,
    ``pool:ALLIANCE``, and those of other insurers, which are given in full, such as ``mutual:NAME``.

    >>> account_names(["resident@city"], ["centre_1"])[-3:]
    ['fund:resident@city', 'facility:centre_1', 'doctors:centre_1']
    """
    return [
        *OUTSIDE,
        *(f"fund:{name}" for name in funds),
        *(f"facility:{name}" for name in facilities),
        *(f"doctors:{name}" for name in facilities),
        *(f"pool:{name}" for name in pools),
        *insurers,
    ]


@dataclass(frozen=True, slots=True)
class Month:
    """A closed month of the ledger: A accounts, int64 fen."""

    postings: np.ndarray  # POSTING rows, one per (payer, payee, kind) with money, in that order
    opening: np.ndarray  # balances (A,)
    closing: np.ndarray  # balances (A,)


class Ledger:
    """Balances of named accounts and the postings of the month that is open."""

    def __init__(self, accounts: Sequence[str]):
        self.accounts = list(accounts)
        self.kinds: list[str] = []
        self.index = {name: i for i, name in enumerate(self.accounts)}
        if len(self.index) != len(self.accounts):
            raise ModelError("two accounts of the ledger have the same name")
        self.balance = np.zeros(len(self.accounts), np.int64)
        self._opening = self.balance.copy()
        self._open: list[np.ndarray] = []
        self._totalled: tuple[Month, np.ndarray] | None = None  # the month last asked for: (paid or received, kind, A)

    def post(self, payer: str, payee: str, kind: str, fen: int) -> None:
        """Move ``fen``, zero or more, from one account to another."""
        self.post_many(np.array([self.index[payer]]), np.array([self.index[payee]]), kind, np.array([fen], np.int64))

    def post_many(self, payers: np.ndarray, payees: np.ndarray, kind: str, fen: np.ndarray) -> None:
        """Move money between accounts given by position; the three arrays broadcast to one shape.

        Raises ModelError for a negative or fractional amount, an unknown account, or an account that pays itself.
        """
        if fen.dtype != np.int64:
            raise ModelError(f"posting {kind}: money is int64 fen, not {fen.dtype}")
        if kind not in self.kinds:
            self.kinds.append(kind)
        if not fen.any():
            return
        shape = np.broadcast_shapes(payers.shape, payees.shape, fen.shape, (1,))
        ends = [_flat(x, shape) for x in (payers, payees, fen if fen.shape == shape else np.broadcast_to(fen, shape))]
        rows = np.empty((len(ends[2]), len(POSTING)), np.int64)
        wrong = np.zeros(1, np.int64)
        moved = _move(*ends, self.kinds.index(kind), self.balance, rows, wrong)
        if moved < 0:
            payer, payee, amount = (int(x[wrong[0] % len(x)]) for x in ends)
            if not 0 <= min(payer, payee) <= max(payer, payee) < len(self.accounts):
                raise ModelError(f"posting {kind}: names an account that the ledger does not have")
            names = f"{self.accounts[payer]} to {self.accounts[payee]}"
            raise ModelError(f"posting {kind}: {amount} fen from {names}; a posting is positive, between two")
        if moved:
            self._open.append(rows[:moved].view(POSTING)[:, 0])

    def close(self) -> Month:
        """End the month: its postings, summed by payer, payee and kind, and the balances around them; verified.

        Raises ModelError where money grows beyond what can be counted to the fen.
        """
        rows = np.concatenate([np.zeros(0, POSTING), *self._open])
        moved, most = rows["fen"].astype(np.float64).sum(), np.abs(self._opening).max(initial=0)
        if moved + most > COUNTABLE:
            raise ModelError(
                f"{moved:.3g} fen move in a month and {most:.3g} are held: more than can be counted exactly"
            )
        key = (rows["payer"] * len(self.accounts) + rows["payee"]) * max(1, len(self.kinds)) + rows["kind"]
        _, first, which = np.unique(key, return_index=True, return_inverse=True)
        postings = rows[first]
        postings["fen"] = 0
        np.add.at(postings["fen"], which, rows["fen"])
        month = Month(postings, self._opening, self.balance.copy())
        self.verify(month)
        self._opening, self._open = month.closing, []
        return month

    def verify(self, month: Month) -> None:
        """Check that every account closes at its opening balance plus its postings and that all sum to zero.

        Raises ModelError naming the account or the posting.
        """
        rows = month.postings
        for row in rows[(rows["fen"] <= 0) | (rows["payer"] == rows["payee"])]:
            payer, payee = self.accounts[row["payer"]], self.accounts[row["payee"]]
            raise ModelError(f"posting {self.kinds[row['kind']]} of {row['fen']} fen from {payer} to {payee}")
        expected = month.opening.copy()
        np.subtract.at(expected, rows["payer"], rows["fen"])
        np.add.at(expected, rows["payee"], rows["fen"])
        for account in np.flatnonzero(expected != month.closing):
            raise ModelError(
                f"account {self.accounts[account]} closes at {month.closing[account]} fen; "
                f"its opening balance and postings give {expected[account]}"
            )
        if month.closing.sum() != 0:
            raise ModelError(f"all accounts sum to {month.closing.sum()} fen, not to zero")

    def total(self, month: Month, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """Paid and received by each account in postings of one kind, int64 fen (A,) each."""
        if kind not in self.kinds:
            return np.zeros(len(self.accounts), np.int64), np.zeros(len(self.accounts), np.int64)
        if self._totalled is None or self._totalled[0] is not month:
            sums = np.zeros((2, len(self.kinds), len(self.accounts)), np.int64)
            _totals(month.postings.view(np.int64).reshape(-1, len(POSTING)), *sums)
            self._totalled = month, sums
        paid, received = self._totalled[1][:, self.kinds.index(kind)]
        return paid, received

    def rows(self, month: Month) -> dict[str, list]:
        """Columns ``from``, ``to``, ``kind``, ``fen`` of the results, one row per posting."""
        rows = month.postings
        return {
            "from": [self.accounts[i] for i in rows["payer"]],
            "to": [self.accounts[i] for i in rows["payee"]],
            "kind": [self.kinds[i] for i in rows["kind"]],
            "fen": rows["fen"].tolist(),
        }

    def account_rows(self, month: Month) -> dict[str, list]:
        """Columns ``account``, ``opening``, ``closing`` of the results, one row per account, fen."""
        return {
            "account": self.accounts.copy(),
            "opening": month.opening.tolist(),
            "closing": month.closing.tolist(),
        }


def _flat(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """``x`` brought to a shape and laid out as one row; a single value stays one."""
    if x.size == 1:
        return np.ascontiguousarray(x, np.int64).reshape(1)
    return np.ascontiguousarray(x if x.shape == shape else np.broadcast_to(x, shape), np.int64).reshape(-1)


@compiled
def _move(payers, payees, fen, kind, balance, rows, wrong):
    """Move each ``fen`` (n,) that is not zero, from ``payers`` to ``payees``, (n,) or (1,), and write its POSTING as
    a row of numbers; how many there are. Nothing is moved where one cannot be: then -1, and its place in ``wrong``."""
    for i in range(len(fen)):
        if fen[i] == 0:
            continue
        payer, payee = payers[i % len(payers)], payees[i % len(payees)]
        if fen[i] < 0 or payer == payee or min(payer, payee) < 0 or max(payer, payee) >= len(balance):
            wrong[0] = i
            return -1
    n = 0
    for i in range(len(fen)):
        if fen[i] != 0:
            payer, payee = payers[i % len(payers)], payees[i % len(payees)]
            rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3] = payer, payee, kind, fen[i]
            balance[payer] -= fen[i]
            balance[payee] += fen[i]
            n += 1
    return n


@compiled
def _totals(postings, paid, received):
    """Add ``postings``, rows of numbers, to what each account paid and received, (kind, account) both."""
    for i in range(len(postings)):
        payer, payee, kind, fen = postings[i, 0], postings[i, 1], postings[i, 2], postings[i, 3]
        paid[kind, payer] += fen
        received[kind, payee] += fen
