"""Prices: who pays which part of a month, and one owner for every cell."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.core.names import INPATIENT, TIERS
from simulator.payment import price
from simulator.payment.books import OUTSIDE, SELF
from simulator.payment.rule import Books, Tariff, Tier
from simulator.payment.rules.drg import Rule as Drg
from simulator.payment.rules.fee_for_service import Rule as FeeForService
from simulator.payment.tariffs import Tariffs


def test_tiers_of_a_table_are_the_tiers():
    assert get_args(Tier) == TIERS


@given(seed=st.integers(0, 10**6), base=st.integers(1, 3 * 10**6))
def test_payers_and_difference_make_the_charge(world, seed, base):
    counts = world.counts(seed)
    for rule in (FeeForService(), Drg(base_rate=base)):
        granted = price.allowed(rule.tariff(world.market()), counts)
        fund = price.fund_part(granted, counts)
        assert (fund >= 0).all()
        parts = fund + counts[:, SELF] + counts[:, OUTSIDE]
        assert (parts + price.difference(fund, counts) == price.charge(counts)).all()
        if isinstance(rule, FeeForService):
            assert (price.difference(fund, counts) == 0).all()


@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.04, 0.12, 1.0]))
def test_what_follows_the_patient_is_neither_made_nor_lost(world, seed, share):
    rule, market = Drg(base_rate=870_001, follows=share), world.market()
    counts = world.counts(seed)
    books = Books()
    books.add(counts, np.zeros(len(counts), np.int64))
    everywhere = rule.settle(market, books, np.ones(len(counts), bool))
    assert (everywhere.sum(axis=0) == 0).all()
    assert (everywhere[2:] <= 0).all()
    receivers_paid_otherwise = world.cells["care"] == INPATIENT
    assert (rule.settle(market, books, receivers_paid_otherwise) == 0).all()


def test_books_keep_a_year_of_counts_and_two_of_the_fund(world):
    books = Books()
    months = [world.counts(seed) for seed in range(30)]
    for month, counts in enumerate(months):
        before = books.copy()
        books.add(counts, np.full(len(counts), month))
        assert (books.year == sum(months[max(0, month - 11) : month + 1])).all()
        assert len(before.counts) == min(month, 12)
    assert books.counts[0] is months[18]
    assert [int(fund[0]) for fund in books.fund] == list(range(6, 30))


def test_each_cell_is_paid_by_its_owner(world):
    market = world.market()
    wards = world.cells["care"] == INPATIENT
    tariffs = Tariffs({"clinics": FeeForService(), "wards": Drg(base_rate=1000)}, wards.astype(int))
    together = tariffs.tariff(market)
    assert (together.share == ~wards).all()
    assert ((together.per_weight > 0) == wards).all()
    assert set(tariffs.settle(market, world.history(1, 1, lambda c: c[:, SELF]))) == {"clinics", "wards"}
    with pytest.raises(ValueError, match="every cell needs one"):
        Tariffs({"clinics": FeeForService()}, wards.astype(int))


def test_ratios_fall_back_from_cell_to_facility_to_plan(world):
    cells = world.cells
    top, bottom = np.full(len(cells), 3), np.full(len(cells), 10)
    mine = np.ones(len(cells), bool)
    first = (cells["facility"] == 2) & (cells["care"] == 0) & (cells["plan"] == 0)
    top[first], bottom[first] = [1, 5, 0], [10, 10, 0]
    ratio = price.seen(top, bottom, cells, mine)
    assert ratio[first].tolist() == [0.1, 0.5, 0.3]
    assert set(ratio[~first]) == {0.3}
    assert (price.seen(top, np.zeros_like(bottom), cells, mine) == 0).all()


@pytest.mark.parametrize("column", ["per_case", "share", "per_day", "per_weight"])
@pytest.mark.parametrize("bad", [np.array([-1.0, 0]), np.array([np.nan, 0]), np.zeros(3)])
def test_a_tariff_refuses_what_is_no_price(column, bad):
    good = {name: np.zeros(2) for name in ("per_case", "share", "per_day", "per_weight")}
    if column == "per_case" and len(bad) == 3:
        bad = np.zeros((2, 1))
    with pytest.raises(ValueError, match="Tariff"):
        Tariff(**good | {column: bad})


@pytest.mark.parametrize(
    "bad",
    [
        {"base_rate": "8700"} | {"tier": {}},
        {"base_rate": "0 yuan"},
        {"base_rate": "8700 yuan", "tier_coefficient": {"hospital": 1.0}},
        {"base_rate": "8700 yuan", "follows": "8"},
        {},
    ],
)
def test_drg_refuses_unknown_and_senseless_parameters(bad):
    with pytest.raises(ValidationError):
        Drg.model_validate(bad)
