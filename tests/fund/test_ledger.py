"""The ledger: balanced postings, and what it refuses."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.errors import ModelError
from simulator.fund.ledger import Ledger, account_names

NAMES = account_names(["resident@city"], ["centre_1", "county_1"])
CENTRE = NAMES.index("facility:centre_1")
POSTINGS = st.lists(
    st.tuples(
        st.integers(0, len(NAMES) - 1),
        st.integers(0, len(NAMES) - 1),
        st.sampled_from(["claims", "patient", "fine"]),
        st.integers(0, 10**14),
    ).filter(lambda p: p[0] != p[1]),
    max_size=30,
)


@given(st.lists(POSTINGS, min_size=1, max_size=4))
def test_any_postings_balance_and_are_kept_month_by_month(months):
    ledger, balance = Ledger(NAMES), dict.fromkeys(NAMES, 0)
    opening = [0] * len(NAMES)
    for postings in months:
        expected = {}
        for payer, payee, kind, fen in postings:
            ledger.post(NAMES[payer], NAMES[payee], kind, fen)
            balance[NAMES[payer]] -= fen
            balance[NAMES[payee]] += fen
            if fen:
                key = (NAMES[payer], NAMES[payee], kind)
                expected[key] = expected.get(key, 0) + fen
        month = ledger.close()
        rows, accounts = ledger.rows(month), ledger.account_rows(month)
        assert dict(zip(zip(rows["from"], rows["to"], rows["kind"], strict=True), rows["fen"], strict=True)) == expected
        assert accounts["opening"] == opening
        assert dict(zip(accounts["account"], accounts["closing"], strict=True)) == balance
        opening = accounts["closing"]
        assert sum(opening) == 0


@given(POSTINGS)
def test_the_order_of_postings_changes_nothing(postings):
    closed = []
    for order in (postings, postings[::-1]):
        ledger = Ledger(NAMES)
        for kind in ("claims", "patient", "fine"):
            ledger.post(NAMES[0], NAMES[1], kind, 1)
        for payer, payee, kind, fen in order:
            ledger.post(NAMES[payer], NAMES[payee], kind, fen)
        closed.append(ledger.close())
    assert (closed[0].postings == closed[1].postings).all()
    assert (closed[0].closing == closed[1].closing).all()


def test_many_postings_at_once_are_the_same_as_one_by_one():
    one, many = Ledger(NAMES), Ledger(NAMES)
    payers, payees, fen = np.array([0, 1, 0, 2]), np.array([8, 8, 8, 9]), np.array([5, 6, 7, 0])
    for a, b, c in zip(payers, payees, fen, strict=True):
        one.post(NAMES[a], NAMES[b], "claims", int(c))
    many.post_many(payers, payees, "claims", fen)
    assert (one.close().postings == many.close().postings).all()
    assert many.balance[8] == 18


@pytest.mark.parametrize(
    ("payer", "payee", "fen", "words"),
    [
        (0, CENTRE, np.array([-5]), "posting claims: -5 fen from families to facility:centre_1"),
        (CENTRE, CENTRE, np.array([5]), "posting claims: 5 fen from facility:centre_1 to facility:centre_1"),
        (0, 99, np.array([5]), "an account that the ledger does not have"),
        (0, CENTRE, np.array([5.5]), "money is int64 fen"),
    ],
)
def test_a_posting_that_makes_no_sense_is_refused_and_leaves_no_trace(payer, payee, fen, words):
    ledger = Ledger(NAMES)
    with pytest.raises(ModelError, match=words):
        ledger.post_many(np.array([payer]), np.array([payee]), "claims", fen)
    assert not ledger.balance.any()
    assert not len(ledger.close().postings)


def closed_month():
    ledger = Ledger(NAMES)
    ledger.post("families", "facility:centre_1", "patient", 500)
    ledger.post("fund:resident@city", "facility:centre_1", "claims", 700)
    return ledger, ledger.close()


def test_a_balance_that_its_postings_do_not_explain_is_named():
    ledger, month = closed_month()
    closing = month.closing.copy()
    closing[ledger.index["facility:centre_1"]] += 1
    with pytest.raises(ModelError, match=r"account facility:centre_1 closes at 1201 fen.* give 1200"):
        ledger.verify(dataclasses.replace(month, closing=closing))


def test_balances_that_do_not_sum_to_zero_are_refused():
    ledger, month = closed_month()
    opening, closing = month.opening.copy(), month.closing.copy()
    opening[0] += 1
    closing[0] += 1
    with pytest.raises(ModelError, match="sum to 1 fen"):
        ledger.verify(dataclasses.replace(month, opening=opening, closing=closing))


def test_a_posting_changed_afterwards_is_named():
    ledger, month = closed_month()
    postings = month.postings.copy()
    postings["fen"][0] = -1
    with pytest.raises(ModelError, match="posting patient of -1 fen from families to facility:centre_1"):
        ledger.verify(dataclasses.replace(month, postings=postings))
    assert ledger.verify(month) is None


def test_accounts_have_names_of_their_own():
    with pytest.raises(ModelError, match="same name"):
        Ledger(["families", "families"])


def test_more_money_than_can_be_counted_exactly_ends_the_month():
    """Three sums that an int64 holds one by one, and not together."""
    ledger = Ledger(NAMES)
    for payee in ("facility:centre_1", "facility:county_1", "fund:resident@city"):
        ledger.post("families", payee, "patient", 4 * 10**18)
    with pytest.raises(ModelError, match="more than can be counted exactly"):
        ledger.close()


def test_money_that_piles_up_ends_before_it_overflows():
    ledger = Ledger(NAMES)
    ledger.post("families", "facility:centre_1", "patient", 4 * 10**18)
    ledger.close()
    ledger.post("families", "facility:centre_1", "patient", 10**18)
    with pytest.raises(ModelError, match="more than can be counted exactly"):
        ledger.close()
