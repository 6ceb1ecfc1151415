"""The laws of money, checked every month of every run; a violation stops the run and says where."""

import numpy as np

from simulator.core.errors import ModelError
from simulator.fund.accounts import Accounts
from simulator.fund.ledger import Ledger, Month
from simulator.fund.settlement import Counted, Settled, System, by_owner, supplies
from simulator.payment.books import CATASTROPHIC, COVERED, OUTSIDE, SELF
from simulator.payment.price import allowed, by_row, charge, difference, fund_part
from simulator.payment.rule import Market


def check_counts(market: Market, counted: Counted) -> None:
    """The parts of every cell's charge agree: drugs + tests + labour = covered + outside, and the patient's part of
    covered charges, of which catastrophic cover repays some, is no more than they are."""
    counts = counted.counts
    negative = (counts < 0).any(axis=1) if counts.min(initial=0) < 0 else np.zeros(0, bool)
    laws = (
        (negative, "has a negative count"),
        (charge(counts) != counts[:, COVERED] + counts[:, OUTSIDE], "is billed another sum than its parts make"),
        (counts[:, SELF] > counts[:, COVERED], "leaves the patient more than was covered"),
        (counts[:, CATASTROPHIC] > counts[:, SELF], "repays the patient more than was paid"),
    )
    for broken, words in laws:
        for cell in np.flatnonzero(broken):
            raise ModelError(f"{cell_name(market, counted.rows[cell])} {words}: {counts[cell].tolist()}")


def check_month(
    ledger: Ledger,
    month: Month,
    accounts: Accounts,
    system: System,
    market: Market,
    counted: Counted,
    settled: Settled,
) -> None:
    """Check a closed month against what was counted and against the books of the facilities.

    The payer parts of every cell, as paid, sum to its charge less the provider's difference; replaying the counts
    through the rules gives the postings again; what each facility says it earned is what its account gained.

    Raises ModelError naming the cell, the posting or the account.
    """
    check_counts(market, counted)
    rows, counts = counted
    few, used = market.few(rows), rows if market.chosen is None else market.chosen.cells[rows]
    fund = fund_part(allowed(settled.tariff, counts), counts)
    fund_and_families = settled.fund_cells[used] + counts[:, SELF] + counts[:, OUTSIDE]
    for cell in np.flatnonzero(fund_and_families != charge(counts) - difference(fund, counts)):
        raise ModelError(f"{cell_name(market, rows[cell])}: the payers' parts do not sum to its charge")

    facility, size = few.cells["facility"], len(market.tier)
    families = by_row(counts[:, SELF] + counts[:, OUTSIDE] - counts[:, CATASTROPHIC], facility, size) - settled.extras
    _expect(ledger, month, "patient", accounts.facility, families, received=True)
    _expect(ledger, month, "claims", accounts.facility, by_row(fund, facility, size), received=True)
    _expect(ledger, month, "claims", accounts.fund, by_owner(few, np.where(settled.pooled, 0, fund)).sum(axis=0))
    repaid = by_owner(few, counts[:, CATASTROPHIC]).sum(axis=0)
    _expect(ledger, month, "catastrophic", accounts.fund, repaid)
    bought = supplies(few, system.cost, counts)
    _expect(ledger, month, "supplies", accounts.facility, bought.sum(axis=1))
    _expect(ledger, month, "supplies", accounts.suppliers, bought.sum(axis=0), received=True)
    for kind, fen in settled.paid.items():
        paid, received = ledger.total(month, kind)
        _same(ledger, kind, accounts.facility, fen, (paid - received)[accounts.facility])
    gained = (month.closing - month.opening)[accounts.facility]
    _same(ledger, "books", accounts.facility, settled.kept, gained)


def cell_name(market: Market, cell: int) -> str:
    """A cell of the market in words; its number is that among all cells."""
    row, number = market.cells[cell], cell if market.chosen is None else market.chosen.cells[cell]
    return f"cell {number} (facility {row['facility']}, care {row['care']}, group {row['group']}, plan {row['plan']})"


def _expect(
    ledger: Ledger, month: Month, kind: str, accounts: np.ndarray, fen: np.ndarray, received: bool = False
) -> None:
    paid, got = ledger.total(month, kind)
    expected = np.zeros_like(paid)
    np.add.at(expected, accounts, fen)  # two plans may have one fund
    _same(ledger, kind, accounts, expected[accounts], (got if received else paid)[accounts])


def _same(ledger: Ledger, kind: str, accounts: np.ndarray, expected: np.ndarray, found: np.ndarray) -> None:
    for i in np.flatnonzero(expected != found):
        name = ledger.accounts[accounts[i]]
        raise ModelError(f"{kind} of account {name}: the ledger has {found[i]} fen, the books give {expected[i]}")
