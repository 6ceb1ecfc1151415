"""What providers want: weights that a scenario gives by kind, place or area, and nothing that follows from a name."""

import numpy as np
import pytest

from simulator.core import behaviour
from simulator.practice.weigh import cares, money_felt
from simulator.scenario.compile.in_force import schedule
from tests.small import COUNTY, SHORT, Spec, model, scenario, world

PRIVATE = "network={form: county, townships: 2, villages: 4, tertiary_outside: 1, private: 50%}"
PROFIT = "baseline.objectives.profit={for: {kinds: private}, money: 1.5 times, patients: 0.6 times}"


def level(indicator: str, tier: str, *changes: str, families: int = 1000) -> float:
    """An indicator of a tier over all months of a small county."""
    table = model(Spec((SHORT, COUNTY, *changes), families=families, months=8)).run().frames()["monthly"]
    mine = (table["indicator"] == indicator) & (table["tier"] == tier) & (table["plan"] == "") & (table["part"] == "")
    return table.loc[mine, "numerator"].sum() / table.loc[mine, "denominator"].sum()


def test_weights_by_hand():
    """Half as much again of a yuan, six tenths of the patient's benefit, at private clinics alone; several multiply."""
    more = "baseline.objectives.villages={for: {tiers: station, areas: county_1}, money: 2 times}"
    place = world(Spec((SHORT, PRIVATE, PROFIT, more), families=60))
    private = place.facilities["kind"] == 2
    assert private.sum() == 4
    assert (place.facilities["money_weight"][private] == 3.0).all()
    assert (place.facilities["patient_weight"] == np.where(private, 0.6, 1.0)).all()
    assert set(place.facilities["money_weight"][~private].tolist()) == {1.0, 2.0}
    par, one = behaviour.row()[0], place.facilities[private][0]
    usual = one.copy()
    usual["money_weight"] = usual["patient_weight"] = 1.0
    assert money_felt(one, par) == pytest.approx(3.0 * money_felt(usual, par))
    assert cares(one, par) == pytest.approx(0.6 * cares(usual, par))


def test_a_kind_is_a_word():
    """Private clinics that want what all want do what all do, to the last bit; so with weights of one."""
    public = PRIVATE.replace("50%", "0%")
    ones = PROFIT.replace("1.5 times", "1 times").replace("0.6 times", "1 times")
    found = [
        model(Spec((SHORT, *changes), families=200, months=4)).run()
        for changes in ((public,), (PRIVATE,), (PRIVATE, ones))
    ]
    shares = [done.frames()["monthly"] for done in found]
    assert shares[0].equals(shares[1])
    assert shares[1].equals(shares[2])


def test_who_wants_money_does_more_and_who_wants_patients_well_comes_nearer_to_what_is_best():
    """Charges of a visit at secondary hospitals, paid by service: for profit above the usual, without profit below."""
    profit, charity = (
        f"baseline.objectives.owner={{for: {{tiers: secondary}}, money: {m} times, patients: {p} times}}"
        for m, p in ((2, 0.7), (0.5, 1.5))
    )
    low, usual, high = (level("charge_per_visit", "secondary", *c) for c in ((charity,), (), (profit,)))
    assert low * 1.01 < usual < high / 1.01


def test_an_owner_may_change():
    """A reform that sells a hospital is a dated change of what it wants; who does nothing keeps what was."""
    sold = (
        "reforms.sold={title: {en: Sold, zh: 转让}, timeline: "
        "{2023-03: {objectives: {owner: {for: {facilities: county_1}, money: 2 times}}}}}"
    )
    spec = Spec((SHORT, COUNTY, sold), families=60, months=4, arm="sold")
    place = world(spec)
    row = place.network.row("county_1")
    assert (place.facilities["money_weight"] == 1.0).all()
    changes = schedule(scenario(spec), place, "sold")
    assert [when for when, _ in changes] == [place.burn_in + 2]
    changes[0][1](place)
    assert place.facilities["money_weight"][row] == 2.0
    assert (np.delete(place.facilities["money_weight"], row) == 1.0).all()


def test_private_entry_adds_capacity():
    """A private hospital to which one centre refers, with doctors and beds beyond its part from a supply programme:
    patients find shorter waits at hospitals of the tier, and the more it wants money the dearer its visits are."""
    beside = (
        "network.facilities.private_1={tier: secondary, kind: private, area: county_1}",
        "network.links=[{from: centre_2, to: private_1, kind: refers}]",
        "baseline.settlements.entry={for: {facilities: private_1}, rule: supply_programme, doctors: 3 times, "
        "beds: 3 times, months: 1 month}",
    )
    assert level("wait_outpatient", "secondary", *beside) < level("wait_outpatient", "secondary", *beside[:2])
    dear = level("charge_per_visit", "secondary", *beside, PROFIT)
    assert dear > level("charge_per_visit", "secondary", *beside)
