"""A law of money that is broken on purpose stops the run and names the place."""

from collections.abc import Callable

import numpy as np
import pytest

from simulator.core.errors import ModelError
from simulator.engine.phases import settle
from simulator.fund.ledger import Ledger
from simulator.model import HealthSystem
from simulator.payment import books as bk
from tests.small import Spec, model

PLACE = Spec(families=25, months=2, seed=6)


def busy_cell(counts: np.ndarray) -> int:
    """The cell with most cases."""
    return int(np.argmax(counts[:, bk.CASES]))


@pytest.fixture
def system() -> HealthSystem:
    """After two months of honest work."""
    honest = model(PLACE)
    honest.run_for(2)
    return honest


@pytest.mark.parametrize(
    ("column", "wrong", "words"),
    [
        (bk.CH_DRUGS, lambda cell: cell[bk.CH_DRUGS] + 1, "another sum than its parts"),
        (bk.COVERED, lambda cell: cell[bk.COVERED] - 1, "another sum than its parts"),
        (bk.OUTSIDE, lambda cell: cell[bk.OUTSIDE] + 1, "another sum than its parts"),
        (bk.SELF, lambda cell: cell[bk.COVERED] + 1, "more than was covered"),
        (bk.CATASTROPHIC, lambda cell: cell[bk.SELF] + 1, "repays the patient more"),
        (bk.CASES, lambda cell: -1, "negative count"),
    ],
)
def test_one_wrong_count(system: HealthSystem, column: int, wrong: Callable[[np.ndarray], int], words: str):
    """One fen too many in one cell of the books is found, and the message names the cell."""
    receive, found = system.engine.receive, []

    def falsified(world, sums):
        receive(world, sums)
        cell = busy_cell(sums.counts)
        found.append(cell)
        sums.counts[cell, column] = wrong(sums.counts[cell])

    system.engine.receive = falsified
    with pytest.raises(ModelError, match=words) as error:
        system.step()
    row = system.world.cells[found[0]]
    name = f"cell {found[0]} (facility {row['facility']}, care {row['care']}, group {row['group']}, plan {row['plan']})"
    assert str(error.value).startswith(name)


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        ("patient", "facility:"),
        ("claims", "facility:"),
        ("supplies", "facility:"),
        ("salary", "facility:"),
        ("audit", "facility:"),
    ],
)
def test_one_wrong_posting(system: HealthSystem, monkeypatch: pytest.MonkeyPatch, kind: str, account: str):
    """A posting of one fen more than the rules give is found by replaying the counts, and named."""
    honest = Ledger.post_many

    def generous(self, payers, payees, name, fen):
        honest(self, payers, payees, name, fen)
        if name == kind:
            payers, payees = np.broadcast_arrays(payers, payees)
            honest(self, payers.ravel()[:1], payees.ravel()[:1], name, np.array([1]))

    monkeypatch.setattr(Ledger, "post_many", generous)
    with pytest.raises(ModelError, match=f"(books|{kind}) of account {account}"):
        system.step()


def test_money_from_nowhere(system: HealthSystem):
    """A balance that no posting explains is found when the month is closed."""
    fund = system.world.accounts.fund[0]
    system.world.ledger.balance[fund] += 100
    with pytest.raises(ModelError, match=f"account {system.world.ledger.accounts[fund]} closes at"):
        system.step()


def test_a_fund_that_pays_its_own_price(system: HealthSystem, monkeypatch: pytest.MonkeyPatch):
    """Fund parts that the tariff did not give are found."""
    honest = settle.settle_month

    def cheap(*args):
        settled = honest(*args)
        market, month = args[3], args[5]
        settled.fund_cells[market.chosen.cells[month.rows[busy_cell(month.counts)]]] -= 1
        return settled

    monkeypatch.setattr(settle, "settle_month", cheap)
    with pytest.raises(ModelError, match="parts do not sum to its charge"):
        system.step()
