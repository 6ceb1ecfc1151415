"""Closed books kept as the rows that were used say what whole arrays would say."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.names import INPATIENT, OUTPATIENT
from simulator.payment.books import COUNTED
from simulator.payment.closed import Books, Chosen, Rows
from simulator.payment.price import observed_ratio
from simulator.payment.rules.drg import Rule as Drg
from simulator.payment.rules.fee_for_service import Rule as FeeForService
from simulator.payment.tariffs import Tariffs, by_facility

CELLS = 9


def few(rng: np.random.Generator, cells: int = CELLS) -> tuple[np.ndarray, np.ndarray]:
    """Counts and fund parts of a month in which few cells, or none, were used."""
    used = rng.random(cells) < 0.3
    counts = rng.integers(0, 5, (cells, len(COUNTED))) * used[:, None]
    return counts, counts[:, 0] * 100


@given(seed=st.integers(0, 10**6), months=st.integers(0, 40), first=st.integers(1, 12))
def test_sums_of_the_rows_are_those_of_whole_arrays(seed, months, first):
    rng = np.random.default_rng(seed)
    books, counts, funds, before = Books(CELLS), [], [], None
    for month in range(months):
        calendar = (first + month - 1) % 12 + 1
        if calendar == 1:
            before = sum(counts[-12:]) if len(counts) >= 12 else None
        one, fund = few(rng)
        counts.append(one)
        funds.append(fund)
        books.add(one, fund, calendar)
    for kept, told in ((counts[-12:], books.counts), (funds[-24:], books.fund)):
        assert len(told) == len(kept)
        assert all((a == b).all() for a, b in zip(kept, told, strict=True))
    if not months:
        assert books.year is books.this_year is books.last_year is None
        return
    calendar = books.closed
    assert (books.year == sum(counts[-12:])).all()
    assert (books.this_year == sum(counts[-min(calendar, 12) :])).all()
    assert (books.last_year is None) == (before is None)
    assert before is None or (books.last_year == before).all()
    assert (books.paid(-12) == sum(funds[-24:][-12:])).all()
    assert (books.paid(0, 3) == sum(funds[-24:][0:3])).all()

    chosen = Chosen(books.in_use() | (np.arange(CELLS) == 4))
    some = books.over(chosen)
    assert (some.year == books.year[chosen.cells]).all()
    assert (some.counts[-1] == counts[-1][chosen.cells]).all()
    assert (some.paid(-12) == books.paid(-12)[chosen.cells]).all()
    assert books.over(None) is books


def test_who_leaves_out_a_cell_in_use_is_told():
    books = Books(CELLS)
    books.add(np.ones((CELLS, len(COUNTED)), np.int64), np.zeros(CELLS, np.int64))
    with pytest.raises(ValueError, match="a cell in use was left out"):
        _ = books.over(Chosen(np.arange(CELLS) > 0)).year


def test_a_copy_shares_closed_months_and_goes_its_own_way():
    rng = np.random.default_rng(3)
    books = Books(CELLS)
    for month in range(14):
        books.add(*few(rng), month % 12 + 1)
    other, year = copy.deepcopy(books), books.year.copy()
    assert all(a is b for a, b in zip(books.months, other.months, strict=True))
    other.add(*few(rng), 3)
    assert (books.year == year).all()
    assert len(books.months) == 14
    assert len(other.months) == 15


@given(values=st.lists(st.integers(-3, 3), min_size=0, max_size=12))
def test_rows_are_those_that_are_not_zero(values):
    whole = np.array(values, np.int64).reshape(-1, 2) if len(values) % 2 == 0 else np.array(values, np.int64)[:, None]
    rows = Rows.of(whole)
    assert rows.cells.tolist() == np.flatnonzero(whole.any(axis=1)).tolist()
    assert (rows.spread(len(whole)) == whole).all()


@given(seed=st.integers(0, 10**6))
def test_rules_say_the_same_of_the_cells_in_use_as_of_all(world, seed):
    """Tariff, what is believed, what is settled: to the last bit, whichever empty cells are left out."""
    rng = np.random.default_rng(seed)
    cells, market = world.cells, world.market(calendar=12)
    rules = {
        "clinics": FeeForService.model_validate({"cap": {"growth": "-20%", "borne": "50%"}}),
        "wards": Drg.model_validate({"base_rate": 870_000, "rebased": "50%", "price": "floating", "outlier": {}}),
    }
    tariffs = Tariffs(rules, (cells["care"] >= INPATIENT).astype(int))
    unused, books = rng.random(len(cells)) < 0.6, Books(len(cells))
    for month in range(25):
        counts = world.counts(seed + month)
        counts[unused] = 0
        books.add(counts, counts[:, 0] * 1000, (month + 11) % 12 + 1)
    # a mean over the cells of a setting in which nothing was seen needs all of them
    setting = cells["facility"] * 3 + cells["care"]
    empty = np.bincount(setting, books.year[:, 0])[setting] == 0
    kinds = np.zeros(len(cells), bool)
    kinds[np.unique(setting * 2 + cells["plan"], return_index=True)[1]] = True
    chosen = Chosen(books.in_use() | empty | kinds)
    columns = {name: getattr(market, name)[chosen.cells] for name in ("cells", "weight", "charge", "catalogue")}
    part = replace(market, **columns, chosen=chosen)
    for name, column in ((n, getattr(tariffs.tariff(part, books), n)) for n in ("share", "per_weight", "above")):
        assert (column == getattr(tariffs.tariff(market, books), name)[chosen.cells]).all()
    for name, fen in tariffs.settle(market, books).items():
        assert (tariffs.settle(part, books)[name] == fen).all()
    whole, some = tariffs.believed(market, books), tariffs.believed(part, books)
    for key, values in whole.items():
        assert (some[key] == values[chosen.cells]).all(), key
    means = by_facility(whole, cells, books.year[:, 0], len(world.tier))
    of_part = by_facility(some, part.cells, books.over(chosen).year[:, 0], len(world.tier))
    assert all((means[entry] == of_part[entry]).all() for entry in means)
    clinics = cells["care"] == OUTPATIENT
    ratio = observed_ratio(books.year[:, 6], books.year[:, 5], cells, clinics)
    view = books.over(chosen).year
    assert (observed_ratio(view[:, 6], view[:, 5], part.cells, clinics[chosen.cells]) == ratio[chosen.cells]).all()
