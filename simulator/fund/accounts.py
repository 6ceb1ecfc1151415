"""Accounts of the ledger that rules speak of, and what moves between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.core.names import PARTS
from simulator.fund.ledger import Ledger
from simulator.payment.rule import Transfer


@dataclass(frozen=True, slots=True)
class Accounts:
    """Positions in the ledger of the accounts of P plans and F facilities."""

    families: int
    employers: int
    government: int
    opening: int
    suppliers: np.ndarray  # by part (3,)
    fund: np.ndarray  # (P,)
    facility: np.ndarray  # (F,)
    doctors: np.ndarray  # (F,)

    @classmethod
    def of(cls, ledger: Ledger, funds: Sequence[str], facilities: Sequence[str]) -> "Accounts":
        """Look up the accounts; ``funds`` are PLAN@AREA in the order of the plans."""
        at = ledger.index
        return cls(
            *(at[name] for name in ("families", "employers", "government", "opening")),
            suppliers=np.array([at[f"suppliers:{part}"] for part in PARTS]),
            fund=np.array([at[f"fund:{name}"] for name in funds]),
            facility=np.array([at[f"facility:{name}"] for name in facilities]),
            doctors=np.array([at[f"doctors:{name}"] for name in facilities]),
        )


def post_transfer(ledger: Ledger, accounts: Accounts, transfer: Transfer) -> None:
    """Post what a settlement moves; by facility and plan (F, P) where a fund takes part, else by facility (F,)."""
    by_plan = transfer.fen.ndim == 2

    def account(word: str) -> np.ndarray:
        if word == "fund":
            return accounts.fund[None, :]
        places = {"facility": accounts.facility, "doctors": accounts.doctors}.get(word)
        if places is None:
            return np.array(ledger.index[word])
        return places[:, None] if by_plan else places

    ledger.post_many(account(transfer.payer), account(transfer.payee), transfer.kind, transfer.fen)


def taken(transfer: Transfer) -> np.ndarray | None:
    """What a transfer takes from each facility, negative where it brings, fen (F,); None if it touches none."""
    sign = (transfer.payer == "facility") - (transfer.payee == "facility")
    fen = transfer.fen.sum(axis=1) if transfer.fen.ndim == 2 else transfer.fen
    return sign * fen if sign else None
