"""Contention: capacity is never exceeded, urgency goes first, and nothing depends on the order of rows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.table import Columns
from simulator.core.whole import ALONE
from simulator.engine.passes.contend import contend
from simulator.engine.state.blocks import Block
from simulator.referral.contention import BUCKETS, KEYS, REQUESTS, apply, count, list_asking, order_of, resolve

POOLS = 3
REQUEST = Columns("requests", *REQUESTS)


@st.composite
def requests(draw: st.DrawFn) -> np.ndarray:
    """Up to forty requests at three pools, some with a second choice, many with the same urgency."""
    rows = REQUEST.rows(draw(st.integers(0, 40)))
    for row in rows:
        pool, second = draw(st.integers(-1, POOLS - 1)), draw(st.integers(-1, POOLS - 1))
        row["ask"] = row["ask_place"] = pool
        row["amount"] = draw(st.integers(1, 12)) if pool >= 0 else 0
        if pool >= 0 and second >= 0:
            row["second"] = row["second_place"] = second
            row["second_amount"] = draw(st.integers(1, 12))
        row["key"] = order_of(draw(st.integers(0, 3)), draw(st.floats(0, 0.999)))
    return rows


CAPACITY = st.lists(st.integers(0, 40), min_size=POOLS, max_size=POOLS).map(np.array)


def resolved(demand: np.ndarray, capacity: np.ndarray, runs_on: bool = False) -> np.ndarray:
    """Cut-off of each pool and what is used up to it (2, pool)."""
    found = np.zeros((2, len(capacity)), np.int64)
    resolve(demand, capacity, runs_on, *found)
    return found


def one_round(rows: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Serve one round; what was used by pool."""
    demand, wanted, found = np.zeros((POOLS, KEYS), np.int64), np.zeros(POOLS, np.int64), np.empty(len(rows), np.int64)
    asking = found[: list_asking(rows, found, wanted)]
    count(rows, asking, np.arange(POOLS), demand)
    assert (demand.sum(axis=1) == wanted).all()
    cut, used = resolved(demand, capacity)
    apply(rows, asking, cut, wanted)
    return used


@given(rows=requests(), capacity=CAPACITY)
def test_a_round(rows: np.ndarray, capacity: np.ndarray):
    asked = rows.copy()
    used = one_round(rows, capacity)
    for pool in range(POOLS):
        here = asked["ask"] == pool
        served = here & (rows["got"] == pool)
        refused = here & ~served
        assert asked["amount"][served].sum() == used[pool] <= capacity[pool]
        if served.any() and refused.any():
            assert asked["key"][served].max() < asked["key"][refused].min()
        if refused.any():  # nobody is refused while the next in order would fit
            first = asked["key"] == asked["key"][refused].min()
            assert used[pool] + asked["amount"][refused & first].sum() > capacity[pool]
    assert (rows["got"][asked["ask"] < 0] == -1).all()
    turned = (asked["ask"] >= 0) & (rows["got"] < 0)
    assert (rows["ask"][turned] == asked["second"][turned]).all()
    assert (rows["amount"][turned] == asked["second_amount"][turned]).all()


@given(rows=requests(), capacity=CAPACITY, split=st.integers(1, 5), shuffled=st.randoms(use_true_random=False))
def test_two_rounds_over_any_blocks(rows: np.ndarray, capacity: np.ndarray, split: int, shuffled):
    """In one block or many, in any order of rows: everybody gets the same, and both rounds stay within capacity."""
    plain = rows.copy()
    block = Block(0, 0, plain, len(plain))
    wanted, given = contend(lambda function: [function(block)], ALONE, capacity)
    for pool in range(POOLS):
        assert wanted[pool] == rows["amount"][rows["ask"] == pool].sum()

    taken = np.zeros(POOLS, np.int64)
    for row, one in zip(rows[plain["got"] >= 0], plain[plain["got"] >= 0], strict=True):
        taken[one["got"]] += one["amount"]
        assert one["got"] in (row["ask_place"], row["second_place"])
    assert (taken == given).all()
    assert (taken <= capacity).all()

    order = list(range(len(rows)))
    shuffled.shuffle(order)
    mixed = rows[order]
    edges = [k * len(mixed) // split for k in range(split + 1)]
    blocks = [Block(0, 0, mixed[a:b].copy(), b - a) for a, b in pairwise(edges)]
    again = contend(lambda function: [function(b) for b in reversed(blocks)], ALONE, capacity)
    assert (again.wanted == wanted).all()
    assert (again.given == given).all()
    together = np.concatenate([b.rows for b in blocks])
    assert (together["got"] == plain["got"][order]).all()


def test_second_choice_only_in_the_second_round():
    """Two slots at pool 0 for three, one of whom then asks pool 1, where there is room."""
    rows = REQUEST.rows(3)
    rows["ask"] = rows["ask_place"] = 0
    rows["amount"] = rows["second_amount"] = 1
    rows["second"] = rows["second_place"] = 1
    rows["key"] = [order_of(0, 0.9), order_of(3, 0.5), order_of(1, 0.1)]
    block = Block(0, 0, rows, 3)
    contend(lambda function: [function(block)], ALONE, np.array([2, 5, 0]))
    assert rows["got"].tolist() == [1, 0, 0]


def test_no_second_choice_is_no_place():
    rows = REQUEST.rows(1)
    rows["ask"] = rows["ask_place"] = 0
    rows["amount"] = 3
    block = Block(0, 0, rows, 1)
    contend(lambda function: [function(block)], ALONE, np.array([2, 9, 9]))
    assert rows["got"].tolist() == [-1]


@given(st.integers(0, 3), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_order(urgency: int, u: float, v: float):
    """More urgent always before less urgent, whatever was drawn; keys fit their table."""
    key = order_of(urgency, u)
    assert 0 <= key < KEYS
    assert urgency == 0 or key < order_of(urgency - 1, v)
    assert key // BUCKETS == 3 - urgency


def test_resolve_by_hand():
    """Demand 3, 0, 2 in order of service, capacity from 0 to 6."""
    demand = np.array([[3, 0, 2]] * 7)
    cut, used = resolved(demand, np.arange(7))
    assert used.tolist() == [0, 0, 0, 3, 3, 5, 5]
    assert cut.tolist() == [0, 0, 0, 2, 2, 3, 3]


def test_stays_run_on_by_hand():
    """Demand 3, 0, 2 in order of service, capacity from -2 to 6: whoever finds a day left stays as long as need be."""
    demand = np.array([[3, 0, 2]] * 9)
    cut, used = resolved(demand, np.arange(-2, 7), runs_on=True)
    assert used.tolist() == [0, 0, 0, 3, 3, 3, 5, 5, 5]
    assert cut.tolist() == [0, 0, 0, 1, 1, 2, 3, 3, 3]


@given(rows=requests(), capacity=CAPACITY)
def test_beds_are_given_while_any_is_free(rows: np.ndarray, capacity: np.ndarray):
    """Only those who need a bed ask; over both rounds a place is overrun by no more than those who were let in last."""
    needing = np.flatnonzero(rows["amount"] % 2 == 0)
    plain, block = rows.copy(), Block(0, 0, rows, len(rows))
    block.needing_bed = needing
    given = contend(lambda function: [function(block)], ALONE, capacity, beds=True).given
    assert (rows["got"][np.setdiff1d(np.arange(len(rows)), needing)] == -1).all()
    for pool in range(POOLS):
        served = np.flatnonzero(rows["got"] == pool)
        first = served[plain["ask"][served] == pool]
        amounts = np.where(np.isin(served, first), plain["amount"][served], plain["second_amount"][served])
        assert amounts.sum() == given[pool]
        if given[pool] > capacity[pool]:
            assert capacity[pool] > 0
        refused = needing[(plain["ask"][needing] == pool) & (rows["got"][needing] != pool)]
        if len(refused):
            assert given[pool] >= capacity[pool]


def test_resolve_without_demand():
    cut, used = resolved(np.zeros((2, KEYS), np.int64), np.array([0, 5]))
    assert used.tolist() == [0, 0]
    assert cut.tolist() == [KEYS, KEYS]


@pytest.mark.parametrize("kind", ["slots", "beds"])
def test_urgent_before_trivial_at_every_size(kind: str):
    """A hundred trivial requests never keep one emergency out, unless it alone is larger than the pool."""
    rows = REQUEST.rows(101)
    rows["ask"] = rows["ask_place"] = 0
    rows["amount"] = 1 if kind == "slots" else 7
    rows["key"] = order_of(0, 0.0)
    rows["key"][60] = order_of(3, 0.999)
    one_round(rows, np.array([7, 0, 0]))
    assert rows["got"][60] == 0
