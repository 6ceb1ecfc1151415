"""What others pay in the families' place: medical aid, mutual plan, indemnity, charity, personal accounts, points."""

from collections.abc import Iterable, Sequence

import numpy as np

from simulator.core.errors import ModelError
from simulator.core.money import instalment
from simulator.core.whole import ALONE, Whole
from simulator.fund.ledger import Ledger, Month
from simulator.population.working_life import all_retired

KINDS = ("medical_aid", "mutual", "indemnity", "charity", "account", "points")
"""Kinds of postings by code of the payer, as in `benefit.layers.PAYERS`."""
ACCOUNTS = "personal_accounts"
"""The ledger's account behind the families' personal accounts, those of all plans together."""
DONORS, GIVING = "donors", "charity"


def payer_accounts(ledger: Ledger, fund: np.ndarray) -> np.ndarray:
    """Position in the ledger of the payer, by plan and kind of `KINDS` (P, L); -1 for an account that there is not.

    The government pays medical aid, the plan's own fund, ``fund`` (P,), points; the others are called like their kind.
    """
    names = ("government", "mutual", "indemnity", GIVING, ACCOUNTS)
    found = np.array([ledger.index.get(name, -1) for name in names], np.int64)
    return np.concatenate([np.tile(found, (len(fund), 1)), fund[:, None]], axis=1)


def pay_extras(ledger: Ledger, facility: np.ndarray, payers: np.ndarray, extras: np.ndarray) -> np.ndarray:
    """Pay the facilities, accounts (F,), what supplementary payers owe, ``extras`` fen (F, P, L), from the accounts
    ``payers``, (L,) or (P, L). What charity pays donors give in the same month. Fen that each facility gets (F,).

    Raises ModelError for money owed by an account that the ledger does not have.
    """
    payers = np.broadcast_to(payers, extras.shape[1:])
    for kind, name in enumerate(KINDS):
        owed = extras[:, :, kind]
        if not owed.any():
            continue
        if name == GIVING and DONORS in ledger.index:
            ledger.post(DONORS, GIVING, "donation", int(owed.sum()))
        ledger.post_many(payers[None, :, kind], facility[:, None], name, owed)
    return extras.sum(axis=(1, 2))


def credit_accounts(
    ledger: Ledger,
    families: np.ndarray,
    persons: np.ndarray,
    credit: np.ndarray,
    payer: np.ndarray,
    clock: np.void,
    whole: Whole = ALONE,
) -> None:
    """Credit the month's instalment of ``credit``, fen per year for each insured of working age and each retired one of
    a plan (2, P), to the personal accounts of their families, from the accounts ``payer`` (2, P) of the ledger."""
    if not credit.any():
        return
    due = instalment(credit, int(clock["calendar"]))
    insured = np.zeros(credit.shape, np.int64)
    whose = (all_retired(persons, clock).astype(np.int64), persons["plan"])
    np.add.at(insured, whose, persons["enrolled"])
    np.add.at(families["account"], persons["family"], due[whose] * persons["enrolled"])
    (insured,) = whole.total(insured)
    ledger.post_many(payer, np.array(ledger.index[ACCOUNTS]), "account_credit", insured * due)


def check_extras(ledger: Ledger, month: Month, facility: np.ndarray, payers: np.ndarray, extras: np.ndarray) -> None:
    """Check that each facility got from supplementary payers, and each of those paid, what the month counted.

    Raises ModelError naming the kind and the account.
    """
    payers = np.broadcast_to(payers, extras.shape[1:])
    for kind, name in enumerate(KINDS):
        if name not in ledger.kinds and not extras[:, :, kind].any():
            continue
        paid, received = ledger.total(month, name)
        owed = np.zeros(len(ledger.accounts), np.int64)
        np.add.at(owed, payers[:, kind], extras[:, :, kind].sum(axis=0))
        due = np.zeros(len(ledger.accounts), np.int64)
        np.add.at(due, facility, extras[:, :, kind].sum(axis=1))
        for words, posted, counted in (("paid", paid, owed), ("received", received, due)):
            for account in np.flatnonzero(posted != counted):
                name_of = ledger.accounts[account]
                raise ModelError(
                    f"{name} {words} by {name_of}: {posted[account]} fen, the month counts {counted[account]}"
                )


def check_accounts(ledger: Ledger, families: np.ndarray, whole: Whole = ALONE) -> None:
    """Check that the personal accounts of all families add up to what the ledger holds for them.

    Raises ModelError with both sums, and for a family whose account or points are negative.
    """
    held = int(whole.total(families["account"].sum())[0])
    books = int(ledger.balance[ledger.index[ACCOUNTS]]) if ACCOUNTS in ledger.index else 0
    if held != books:
        raise ModelError(f"personal accounts of families hold {held} fen, the ledger's account {books}")
    for column in ("account", "points"):
        if families[column].min(initial=0) < 0:
            raise ModelError(f"family {int(families[column].argmin())} has negative {column}")


def named(kinds: Iterable[str]) -> Sequence[str]:
    """Accounts of the ledger that supplementary payers of these kinds need beside those that every run has."""
    own = {"charity": (DONORS, GIVING), "account": (ACCOUNTS,)}
    return [name for kind in KINDS if kind in set(kinds) for name in own.get(kind, ())]
