"""What providers believe is what a full settlement gives: one more unit in the books, settled before and after."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.core.names import CONTINUED, INPATIENT, OUTPATIENT, PARTS
from simulator.payment import price
from simulator.payment.books import CH_DRUGS, CODED, COVERED, MOVED, OUTSIDE, SELF
from simulator.payment.rule import Books, TariffRule
from simulator.payment.rules.drg import Rule as Drg
from simulator.payment.rules.fee_for_service import Rule as FeeForService
from simulator.payment.tariffs import Tariffs, by_facility

DRG = {"base_rate": 870_000, "tier_coefficient": {"centre": 0.48, "secondary": 0.81, "tertiary": 1.17}}


def fund(rule: TariffRule, market):
    tariff = rule.tariff(market)
    return lambda counts: price.fund_part(price.allowed(tariff, counts), counts)


def income(rule: TariffRule, market, history: Books, counts: np.ndarray) -> np.ndarray:
    """All that each facility gets for the month, year end included, fen (F,)."""
    paid = fund(rule, market)(counts)
    books = history.copy()
    books.add(counts, paid)
    by_cell = price.provider_income(paid, counts)
    mine = np.ones(len(counts), bool)
    return price.by_row(by_cell, market.cells["facility"], len(market.tier)) + rule.settle(market, books, mine).sum(
        axis=1
    )


def clear_of_the_floor(rule: TariffRule, market, history: Books, cell: int) -> bool:
    """The patient's part has not come near the whole price: there a belief is a mean of two cases, and a month one."""
    allowed = price.allowed(rule.tariff(market), history.year)[cell]
    return allowed == 0 or abs(history.year[cell, SELF] / allowed - 1) > 0.25


def billed_more(world, history: Books, counts: np.ndarray, cell: int, part: int, fen: int) -> np.ndarray:
    """``fen`` more of one part in one cell, of which patients pay what they paid over the last year."""
    year = history.year
    more = counts.copy()
    outside = round(fen * (1 - world.catalogue[cell]))
    more[cell, CH_DRUGS + part] += fen
    more[cell, OUTSIDE] += outside
    more[cell, COVERED] += fen - outside
    more[cell, SELF] += round((fen - outside) * year[cell, SELF] / year[cell, COVERED])
    return more


@pytest.mark.parametrize(
    "rule",
    [
        FeeForService(),
        FeeForService.model_validate({"cap": {"growth": "-30%", "borne": "50%"}}),
        FeeForService.model_validate({"cap": {"growth": "30%", "borne": "50%"}}),
        Drg.model_validate(DRG),
        Drg.model_validate(DRG | {"base_rate": 10_000}),
    ],
    ids=["fee_for_service", "above the cap", "below the cap", "drg", "drg with an empty price"],
)
@given(seed=st.integers(0, 10**6), cell=st.integers(0, 77), part=st.integers(0, 2))
def test_a_billed_fen_earns_what_is_believed(world, rule, seed, cell, part):
    market = world.market(calendar=12)
    cell %= len(world.cells)
    history = world.history(seed, 23, fund(rule, market))
    assume(clear_of_the_floor(rule, market, history, cell))
    counts = world.counts(seed)
    believed = rule.believed(market, history, np.ones(len(counts), bool))["doer", PARTS[part]][cell]
    fen, facility = 100_000, world.cells["facility"][cell]
    more = billed_more(world, history, counts, cell, part, fen)
    gained = (income(rule, market, history, more) - income(rule, market, history, counts))[facility] / fen
    assert gained == pytest.approx(believed, rel=0.1, abs=1e-3)


@given(seed=st.integers(0, 10**6), cell=st.integers(0, 77))
def test_a_unit_of_coded_weight_earns_what_is_believed(world, seed, cell):
    rule, market = Drg.model_validate(DRG), world.market()
    cell %= len(world.cells)
    history, counts = world.history(seed, 12, fund(rule, market)), world.counts(seed)
    assume(clear_of_the_floor(rule, market, history, cell))
    believed = rule.believed(market, history, np.ones(len(counts), bool))["doer", "weight"][cell]
    more = counts.copy()
    more[cell, CODED] += 1000
    gained = (income(rule, market, history, more) - income(rule, market, history, counts)).sum()
    assert gained == pytest.approx(believed, rel=0.1, abs=1)
    assert (believed > 0) == (world.cells["care"][cell] == INPATIENT)


@given(seed=st.integers(0, 10**6))
def test_a_patient_moved_earns_both_sides_what_they_believe(world, seed):
    rule, market = Drg.model_validate(DRG | {"follows": 0.08}), world.market()
    history, counts = world.history(seed, 12, fund(rule, market)), world.counts(seed)
    beliefs = rule.believed(market, history, np.ones(len(counts), bool))
    more = counts.copy()
    more[:, MOVED] *= 2
    gained = income(rule, market, history, more) - income(rule, market, history, counts)
    facility = world.cells["facility"]
    expected = [
        np.bincount(facility, counts[:, MOVED] / 1000 * beliefs["doer", entry], 5)
        for entry in ("moved_out", "moved_in")
    ]
    np.testing.assert_allclose(gained, sum(expected), rtol=0.1, atol=5)
    assert abs(gained.sum()) == 0
    assert gained[1] > 0 > gained[2]


def test_without_a_cap_a_new_place_believes_every_fen(world):
    market, mine = world.market(), np.ones(len(world.cells), bool)
    rule = FeeForService.model_validate({"cap": {"growth": "0%", "borne": "100%"}})
    for part in PARTS:
        assert (rule.believed(market, Books(), mine)["doer", part] == 1).all()


@pytest.mark.parametrize("month", range(1, 13))
def test_exhaustion_rises_smoothly_with_spending(world, month):
    market = world.market(calendar=month)
    rule = FeeForService.model_validate({"cap": {"growth": "0%", "borne": "50%"}})
    mine = np.ones(len(world.cells), bool)
    felt = []
    for factor in np.linspace(0.5, 1.5, 101):
        paid = [np.full(len(mine), 10**6)] * 12 + [np.full(len(mine), int(factor * 10**6))] * (month - 1)
        felt.append(rule.exhaustion(market, Books([], paid), mine)[0])
    assert (np.diff(felt) >= 0).all()
    assert np.diff(felt).max() < 0.1 * (1.6 / (1.6 - (month - 1) / 12)) or month == 1
    assert felt[50] == pytest.approx(0.5)
    if month > 1:
        assert felt[0] < 0.01
        assert felt[-1] > 0.99


def test_receivers_without_experience_go_by_the_patients_of_their_plan(world):
    """Nobody has been stepped down yet: the patient's part is taken from admissions."""
    rule, market, history = Drg.model_validate(DRG), world.market(), Books()
    continued = world.cells["care"] == CONTINUED
    for seed in range(12):
        counts = world.counts(seed)
        counts[continued] = 0
        history.add(counts, counts[:, SELF])
    billed = rule.believed(market, history, np.ones(len(continued), bool))["doer", "drugs"]
    outside = 1 - world.catalogue
    assert (billed[continued] > outside[continued] + 0.05).all()
    assert (billed[continued] < 0.8).all()


def test_facility_means_by_setting(world):
    market, care = world.market(), world.cells["care"]
    tariffs = Tariffs(
        {"wards": Drg.model_validate(DRG), "clinics": FeeForService()}, np.where(care == OUTPATIENT, 1, 0)
    )
    beliefs = tariffs.believed(market, Books())
    weights = world.counts(3)[:, 0].astype(float)
    values = by_facility(beliefs, world.cells, weights, len(world.tier))
    assert values["drugs"][:, OUTPATIENT].tolist() == [1] * 5
    np.testing.assert_allclose(values["drugs"][1:, INPATIENT], [0.09, 0.09, 0.15, 0.15])
    price_of_one = 870_000 * np.array([0.48 * 0.91, 0.81 * 0.91, 1.17 * 0.85, 1.17 * 0.85])
    np.testing.assert_allclose(values["weight"][1:, INPATIENT], price_of_one)
    assert values["weight"][0].tolist() == [0, 0, 0]

    one = (world.cells["facility"] == 2) & (care == OUTPATIENT)
    uneven = {("doer", "visit"): np.arange(len(care), dtype=float), ("pool", "visit"): np.full(len(care), 9.0)}
    found = by_facility(uneven, world.cells, weights, 5)["visit"][2, OUTPATIENT]
    assert found == pytest.approx(np.average(np.flatnonzero(one), weights=weights[one]))
    found = by_facility(uneven, world.cells, np.zeros(len(care)), 5)["visit"][2, OUTPATIENT]
    assert found == pytest.approx(np.flatnonzero(one).mean())
