"""Scopes: one owner per cell, whatever the order of the rules."""

import numpy as np
import pytest

from simulator.core.errors import UserError
from simulator.core.names import CARE, TIERS
from simulator.payment import books
from simulator.scenario import load, owners

FACILITIES = [
    ("station_1", "station"),
    ("centre_1", "centre"),
    ("centre_2", "centre"),
    ("centre_3", "centre"),
    ("county_1", "secondary"),
    ("tertiary_1", "tertiary"),
]


def cells(scenario) -> np.ndarray:
    tiers = np.array([TIERS.index(tier) for _, tier in FACILITIES])
    beds = np.array([0, 5, 5, 5, 50, 90])
    return books.cells(tiers, len(scenario.illness.groups), len(scenario.baseline.plans), beds)[0]


def owned(scenario) -> tuple[np.ndarray, np.ndarray]:
    """Cells, and the name of the rule that owns each."""
    rows = cells(scenario)
    names = np.array(list(scenario.baseline.payment))
    return rows, names[owners(scenario.baseline, scenario, rows, FACILITIES)]


def test_the_rest_of_a_stay_elsewhere_is_inpatient_care() -> None:
    rows, names = owned(load("base"))
    assert set(zip(np.array(CARE)[rows["care"]], names, strict=True)) == {
        ("outpatient", "outpatients"),
        ("inpatient", "inpatients"),
        ("continued", "inpatients"),
    }


RULE = "rule: drg, base_rate: 100 yuan"


def test_dimensions_are_joined_by_and_and_words_by_or(write) -> None:
    s = load(
        write(
            "baseline.payment:\n"
            "  inpatients: {except: {tiers: hospital, groups: [stroke, cancer], plans: resident}}\n"
            "  some:\n    for: {tiers: hospital, groups: [stroke, cancer], plans: resident, care: inpatient}\n"
            "    rule: drg\n    base_rate: 100 yuan\n"
        )
    )
    rows, names = owned(s)
    group = np.array(s.illness.groups)[rows["group"]]
    expected = (
        np.isin(rows["tier"], [2, 3]) & np.isin(group, ["stroke", "cancer"]) & (rows["plan"] == 0) & (rows["care"] > 0)
    )
    assert (names[rows["care"] > 0] == "some").tolist() == expected[rows["care"] > 0].tolist()


def test_except_leaves_cells_to_the_rest(write) -> None:
    s = load(write("baseline.payment.inpatients.except: {tiers: tertiary}\n"))
    rows, names = owned(s)
    assert set(names[(rows["care"] > 0) & (rows["tier"] == 3)]) == {"outpatients"}


def test_facilities_by_name_and_range(write) -> None:
    body = (
        "baseline.payment:\n  inpatients: {except: {facilities: [centre_1 to centre_2, county_1]}}\n"
        f"  named: {{for: {{facilities: [centre_1 to centre_2, county_1], care: inpatient}}, {RULE}}}\n"
    )
    rows, names = owned(load(write(body)))
    assert set(rows["facility"][names == "named"]) == {1, 2, 4}
    with pytest.raises(UserError, match="there is no facility `county_9` in the network; did you mean `county_4`"):
        owned(load(write(body.replace("county_1", "county_9"))))


def test_order_of_the_rules_does_not_matter(write) -> None:
    a = f"  some: {{for: {{tiers: centre}}, {RULE}}}\n"
    b = "  inpatients: {for: {care: inpatient, tiers: hospital}}\n"
    owners_of = [owned(load(write("baseline.payment:\n" + text)))[1].tolist() for text in (a + b, b + a)]
    assert owners_of[0] == owners_of[1]


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (f"some: {{for: {{facilities: centre_1}}, {RULE}}}", "overlaps `inpatients` (base.yaml line"),
        (f"some: {{for: {{facilities: station_1, care: inpatient}}, {RULE}}}", "pays nothing"),
    ],
)
def test_mistakes_that_only_the_network_shows(block: str, sentence: str, write) -> None:
    with pytest.raises(UserError) as refused:
        load(write(f"baseline.payment:\n  {block}\n"))
    assert sentence in str(refused.value)
    assert refused.value.path == "baseline.payment.some"


def test_nobody_pays_names_the_first_bill(write) -> None:
    with pytest.raises(UserError, match="nobody pays outpatient bills for cold of the resident plan at tertiary_1"):
        load(write("baseline.payment.outpatients.for: {facilities: [centre_1, station_1], care: outpatient}\n"))
