"""The battery of shocks: what it says is there, differences and verdicts by hand, and in its short form the run."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from experiments.battery.language import Battery, Outcome, Places, Shock, read
from experiments.battery.measure import change, replicate
from experiments.battery.page import difference, page, rows
from simulator.core.names import TIERS
from simulator.scenario import load
from tests.small import Spec, world

ROOT = Path(__file__).parents[2]
BATTERY = read(ROOT / "experiments" / "battery" / "battery.yaml")


def outcome(low: float | None, high: float | None, **more) -> Outcome:
    return Outcome(indicator="visits_per_person", wanted=(low, high), reason="a test", **more)


def verdicts(low: float | None, high: float | None, shocked: list[float], **more) -> str:
    """Of a figure that is 10 in the base and so much under the shock, by replication."""
    shock = Shock(title="a test", outcomes=(outcome(low, high, **more),))
    battery = Battery(scenario="base", families=1, months=24, replications=len(shocked), shocks={"it": shock})
    series = shock.outcomes[0].series
    found = rows(battery, [{"base 24": {series: 10.0}, "it": {series: value}} for value in shocked])
    assert "a test" in page(battery, found, "a test")
    return found[0].verdict


def test_every_rule_is_a_reform_and_every_reform_is_used():
    scenario = load(ROOT / BATTERY.scenario)
    used = {shock.rules for shock in BATTERY.shocks.values()}
    assert used == set(scenario.arms)


def test_differences_by_hand():
    assert difference(outcome(0, 1), 10, 11) == pytest.approx(10)
    assert difference(outcome(0, 1, **{"in": "points"}), 0.10, 0.13) == pytest.approx(3)
    assert np.isnan(difference(outcome(0, 1), 0, 1))


@pytest.mark.parametrize(
    ("low", "high", "shocked", "verdict"),
    [
        (0, None, [11.0, 11.1, 11.05], "met"),
        (0, None, [9.0, 11.0, 10.5], "met?"),
        (0, None, [9.0, 11.0, 9.5], "missed?"),
        (None, -5, [11.0, 11.1, 11.05], "missed"),
        (4, 6, [10.5, 10.51, 10.49], "met"),
    ],
)
def test_verdicts(low, high, shocked, verdict):
    assert verdicts(low, high, shocked) == verdict


def test_places_change_and_no_others():
    """A fifth of the slots of hospitals goes, in whole slots; capability stays where it is put."""
    place = world(Spec())
    before = place.facilities.copy()
    change(place, Places(tiers=["secondary"], times={"slots": 0.8}, plus={"capability": 0.1}))
    mine = before["tier"] == TIERS.index("secondary")
    assert (place.facilities["slots"][mine] == np.rint(0.8 * before["slots"][mine])).all()
    for column in ("capability", "capability_goal"):
        assert place.facilities[column][mine] == pytest.approx(before[column][mine] + 0.1)
    assert place.own_capability[mine] == pytest.approx(before["capability"][mine] + 0.1)
    assert (place.facilities[~mine] == before[~mine]).all()


@pytest.mark.parametrize(
    ("of", "wrong"),
    [
        (Places, {"tiers": ["secondary"], "times": {"slot": 2}}),
        (Places, {"tiers": ["hospice"]}),
        (Outcome, {"indicator": "visits", "wanted": (0, 1), "reason": ""}),
        (Outcome, {"indicator": "visits_per_person", "wanted": (None, None), "reason": ""}),
        (Shock, {"title": "", "parameters": {"gone": 0}, "outcomes": ()}),
    ],
)
def test_what_is_misspelt_is_refused(of, wrong):
    with pytest.raises(ValidationError):
        of(**wrong)


@pytest.mark.long
def test_the_battery_in_short():
    """Signs that a small sample can tell, of every form that a shock has."""
    scenario = load(ROOT / BATTERY.scenario, ["time.warm_up=18 months"], families=800)
    short = BATTERY.model_copy(update={"months": 12})
    told = (
        "hospital_slots", "hospital_prices", "primary_cover", "by_service", "primary_capability", "equal_quality",
        "gate", "money_to_primary",
    )  # fmt: skip
    levels = dict(replicate(short, scenario, 0, told))
    found = {(row.shock, *row.outcome.series): row for row in rows(short, [levels])}
    for (shock, indicator, tier, part), sign in {
        ("hospital_slots", "wait_outpatient", "hospital", ""): 1,
        ("hospital_prices", "visits_per_person", "hospital", ""): -1,
        ("hospital_prices", "visits_per_person", "primary", ""): 1,
        ("gate", "visits_per_person", "primary", ""): 1,
        ("gate", "visits_per_person", "hospital", ""): -1,
        ("money_to_primary", "doctor_income", "primary", ""): 1,
        ("primary_cover", "visits_per_person", "primary", ""): 1,
        ("by_service", "charge_per_admission", "hospital", ""): 1,
        ("by_service", "off_catalogue_share", "hospital", "inpatient"): -1,
        ("primary_capability", "visits_per_person", "primary", ""): 1,
        ("equal_quality", "primary_share_of_visits", "", ""): 1,
    }.items():
        assert np.sign(found[shock, indicator, tier, "", part].estimate) == sign, (shock, indicator)
