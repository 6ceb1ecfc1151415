"""Prices: who pays which part of a month, and one owner for every cell."""

import dataclasses
import re
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.core.names import INPATIENT, SEXES, TIERS
from simulator.payment import books, price
from simulator.payment.books import OUTSIDE, SELF
from simulator.payment.closed import Books
from simulator.payment.market import Tariff
from simulator.payment.panel import BANDS, DISEASES, risk_class
from simulator.payment.payer_shares import paid_by
from simulator.payment.rule import Tier, found
from simulator.payment.rules.capitation import Risk
from simulator.payment.rules.drg import Rule as Drg
from simulator.payment.rules.fee_for_service import Rule as FeeForService
from simulator.payment.tariffs import Tariffs

COLUMNS = tuple(Tariff.__dataclass_fields__)


def test_tiers_of_a_table_are_the_tiers():
    assert get_args(Tier) == TIERS


def test_words_of_risk_are_those_of_the_panel():
    for name, words in (("age", BANDS), ("sex", SEXES), ("disease", DISEASES)):
        (mapping,) = [f.annotation for n, f in Risk.model_fields.items() if n == name]
        assert get_args(get_args(mapping)[0]) == words
    multipliers = Risk.model_validate(
        {"age": {"65+": 3.0}, "sex": {"female": 2.0}, "disease": {"both": 5.0}}
    ).multipliers()
    assert multipliers[risk_class(4, 1, 3)] == 30
    assert multipliers[risk_class(4, 0, 1)] == 3
    assert multipliers[risk_class(0, 1, 0)] == 2


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


def test_books_keep_a_year_of_counts_and_two_of_the_fund(world):
    kept = Books()
    months = [world.counts(seed) for seed in range(30)]
    for month, counts in enumerate(months):
        before = kept.copy()
        kept.add(counts, np.full(len(counts), month))
        assert (kept.year == sum(months[max(0, month - 11) : month + 1])).all()
        assert len(before.counts) == min(month, 12)
    assert (kept.counts[0] == months[18]).all()
    assert [int(fund[0]) for fund in kept.fund] == list(range(6, 30))


def test_each_cell_is_paid_by_its_owner(world):
    market = world.market()
    wards = world.cells["care"] == INPATIENT
    tariffs = Tariffs({"clinics": FeeForService(), "wards": Drg(base_rate=1000)}, wards.astype(int))
    together = tariffs.tariff(market, Books())
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
    ratio = price.observed_ratio(top, bottom, cells, mine)
    assert ratio[first].tolist() == [0.1, 0.5, 0.3]
    assert set(ratio[~first]) == {0.3}
    assert (price.observed_ratio(top, np.zeros_like(bottom), cells, mine) == 0).all()


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("bad", [np.array([-1.0, 0]), np.array([np.nan, 0]), np.zeros(3)])
def test_a_tariff_refuses_what_is_no_price(column, bad):
    good = {name: np.zeros(2) for name in COLUMNS}
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
        {"base_rate": "8700 yuan", "follows": "8%"},
        {"base_rate": "8700 yuan", "rebased": "50"},
        {"base_rate": "8700 yuan", "price": "float"},
        {"base_rate": "8700 yuan", "outlier": {"high": "300%"}},
        {},
    ],
)
def test_drg_refuses_unknown_and_senseless_parameters(bad):
    with pytest.raises(ValidationError):
        Drg.model_validate(bad)


@pytest.mark.parametrize(
    ("name", "bad", "said"),
    [
        ("capitation", {"per_head": "90 yuan/year", "disease": "diabetes", "scope": "all_care"}, "own_care"),
        ("capitation", {"per_head": "90 yuan/year", "risk": {"age": {"65": 2.0}}}, "65+"),
        ("value_bundle", {"amount": "90 yuan/year"}, "0%"),
        ("dip", {"point_value": "8 yuan", "cap": {"growth": "-100%"}}, "greater than -1"),
        ("per_diem", {"day_rate": {"hospital": "90 yuan"}}, "secondary"),
    ],
)
def test_rules_say_what_is_wrong(name, bad, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        found("simulator.payment.rules")[name].model_validate(bad)


def test_what_a_tariff_allows_by_hand(world):
    """Everything at once, in one cell: ten stays of a hundred days, one of them uninsured for twelve."""
    numbers = {
        books.CASES: 10, books.UNINSURED: 1, books.DAYS: 100, books.UNINSURED_DAYS: 12, books.COVERED: 50_000,
        books.CODED: 12_500, books.LOW_WEIGHT: 500, books.LOW_COVERED: 900, books.ABOVE: 4_000,
    }  # fmt: skip
    counts = np.zeros((1, len(books.COUNTED)), np.int64)
    counts[0, list(numbers)] = list(numbers.values())
    prices = {"per_case": 300.0, "share": 0.5, "per_day": 7.0, "per_weight": 1000.0, "above": 0.8, "low": 1.0}
    tariff = Tariff(**{name: np.array([price]) for name, price in prices.items()})
    assert price.allowed(tariff, counts)[0] == 9 * 300 + 25_000 + 88 * 7 + 12_000 + 3_200 + 900
    normal = dataclasses.replace(tariff, low=np.zeros(1))
    assert price.allowed(normal, counts)[0] == 9 * 300 + 25_000 + 88 * 7 + 12_500 + 3_200


def test_what_a_fund_paid_is_that_of_twelve_months(world):
    """Thirteen months at one fen a cell and month, the first of them at a thousand, which is over a year ago."""
    kept = Books()
    for month in range(13):
        kept.add(world.counts(month), np.full(len(world.cells), 1 if month else 1000), month % 12 + 1)
    mine = world.cells["facility"] == 2
    paid = paid_by(world.market(), kept, mine)
    by_plan = [int((mine & (world.cells["plan"] == plan)).sum()) * 12 for plan in (0, 1)]
    assert paid[2].tolist() == by_plan
    assert (np.delete(paid, 2, axis=0) == 0).all()


def test_more_weight_earns_its_price_as_far_as_stays_are_paid_by_weight(world):
    """A tenth of the coded weight is that of stays below the lower threshold, which are paid what they cost."""
    mine = world.cells["care"] == INPATIENT
    counts = world.counts(3)
    counts[:, [books.ABOVE, books.ABOVE_CASES, books.SELF]] = 0  # so that nothing is used up by patients' parts
    counts[:, books.CODED] = counts[:, books.LOW_WEIGHT] = 0
    counts[mine, books.CODED], counts[mine, books.LOW_WEIGHT] = 10_000, 1_000
    rule = Drg(base_rate=870_000, outlier={"high": 3.0, "low": 0.4})
    kept = Books()
    kept.add(counts, np.zeros(len(counts), np.int64), 5)
    earned = rule.believed(world.market(6), kept, mine)["doer", "weight"]
    price_of_it = rule.tariff(world.market(6)).per_weight
    assert price_of_it[mine].min() > 0
    assert earned[mine] == pytest.approx(0.9 * price_of_it[mine], rel=1e-12)
