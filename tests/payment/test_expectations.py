"""What single rules make providers believe, and how beliefs of cells become those of a facility."""

import numpy as np
import pytest

from simulator.core.names import CONTINUED, INPATIENT, OUTPATIENT, PARTS
from simulator.payment.books import SELF
from simulator.payment.closed import Books
from simulator.payment.rules.drg import Rule as Drg
from simulator.payment.rules.fee_for_service import Rule as FeeForService
from simulator.payment.tariffs import Tariffs, by_facility

DRG = {"base_rate": "8700 yuan", "tier_coefficient": {"centre": 0.48, "secondary": 0.81, "tertiary": 1.17}}


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
        books = Books()
        for fund in paid:
            books.add(np.zeros_like(world.counts(0)), fund)
        felt.append(rule.exhaustion(market, books, mine)[0])
    assert (np.diff(felt) >= 0).all()
    assert np.diff(felt).max() < 0.1 * (1.6 / (1.6 - (month - 1) / 12)) or month == 1
    assert felt[50] == pytest.approx(0.5)
    if month > 1:
        assert felt[0] < 0.01
        assert felt[-1] > 0.99


def test_receivers_without_experience_go_by_the_patients_of_their_plan(world):
    """Nobody has been stepped down yet. Where such days are allowed nothing, the patient's part is taken from
    admissions; where each has a rate, that part comes out of the rate, and only what lies outside the catalogue is on
    top."""
    unpaid = Drg.model_validate(DRG | {"continued_day": "0 yuan"})
    rule, market, history = Drg.model_validate(DRG), world.market(), Books()
    continued = world.cells["care"] == CONTINUED
    for seed in range(12):
        counts = world.counts(seed)
        counts[continued] = 0
        history.add(counts, counts[:, SELF], seed + 1)
    mine, outside = np.ones(len(continued), bool), 1 - world.catalogue
    billed = unpaid.believed(market, history, mine)["doer", "drugs"]
    assert (billed[continued] > outside[continued] + 0.05).all()
    assert (billed[continued] < 0.8).all()
    paid = rule.believed(market, history, mine)
    np.testing.assert_allclose(paid["doer", "drugs"][continued], outside[continued])
    assert (paid["doer", "day"][continued] == 25_000).all()


def test_facility_means_by_setting(world):
    market, care = world.market(), world.cells["care"]
    tariffs = Tariffs(
        {"wards": Drg.model_validate(DRG), "clinics": FeeForService()}, np.where(care == OUTPATIENT, 1, 0)
    )
    beliefs = tariffs.believed(market, Books())
    weights = world.counts(3)[:, 0].astype(float)
    values = by_facility(beliefs, world.cells, weights, len(world.tier))
    assert values["drugs"][:, OUTPATIENT].tolist() == [1] * 6
    np.testing.assert_allclose(values["drugs"][1:, INPATIENT], [0.09, 0.09, 0.15, 0.15, 0.09])
    price_of_one = 870_000 * np.array([0.48 * 0.91, 0.81 * 0.91, 1.17 * 0.85, 1.17 * 0.85, 0.48 * 0.91])
    np.testing.assert_allclose(values["weight"][1:, INPATIENT], price_of_one)
    assert values["weight"][0].tolist() == [0, 0, 0]

    one = (world.cells["facility"] == 2) & (care == OUTPATIENT)
    uneven = {("doer", "visit"): np.arange(len(care), dtype=float), ("panel", "visit"): np.full(len(care), 9.0)}
    found = by_facility(uneven, world.cells, weights, 6)["visit"][2, OUTPATIENT]
    assert found == pytest.approx(np.average(np.flatnonzero(one), weights=weights[one]))
    found = by_facility(uneven, world.cells, np.zeros(len(care)), 6)["visit"][2, OUTPATIENT]
    assert found == pytest.approx(np.flatnonzero(one).mean())
