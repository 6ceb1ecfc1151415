"""Alliances: who belongs, on the network; scopes that speak of them; rules that take over from others."""

import numpy as np
import pytest

from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.scenario.resolve.alliances import members_of
from simulator.scenario.resolve.facilities import cells_of, network_of
from simulator.scenario.resolve.scope import owners, settled

PLACE = (
    "network: {form: prefecture, counties: 2, townships: 3, villages: 2, centres: 2, stations: 2,"
    " secondary: 1, tertiary: 1}\n"
)
REST = "form: county_community, tightness: 0.5"


def members(write, *alliances: str) -> dict[str, set[str]]:
    """Names of the members of alliances a, b, …"""
    blocks = "".join(f"    {'abcd'[i]}: {{{REST}, {text}}}\n" for i, text in enumerate(alliances))
    s = load(write(f"{PLACE}baseline:\n  alliances:\n{blocks}"))
    network = network_of(s)
    found = members_of(s.baseline, network)
    assert all(rows.dtype == np.int64 and (np.diff(rows) > 0).all() for rows in found.values())
    return {name: {network.names[row] for row in rows} for name, rows in found.items()}


def test_below_is_everybody_who_refers_up_to_it_with_stations(write) -> None:
    (county,) = members(write, "lead: county_1, members: {below: county_1}").values()
    assert county == {"county_1", *(f"centre_{i}" for i in (3, 4, 5)), *(f"station_{i}" for i in range(5, 11))}


def test_below_a_centre_are_its_stations_and_ranges_are_several(write) -> None:
    (some,) = members(write, "lead: county_1, members: {below: [centre_3 to centre_4]}").values()
    assert some == {"county_1", "centre_3", "centre_4", "station_5", "station_6", "station_7", "station_8"}


def test_tiers_and_facilities_add_and_except_takes_away_but_never_the_lead(write) -> None:
    (some,) = members(
        write,
        "lead: centre_1, members: {tiers: centre, facilities: county_2, except: {below: [centre_1, centre_2]}}",
    ).values()
    assert some == {"centre_1", *(f"centre_{i}" for i in range(3, 9)), "county_2"}


def test_two_counties_have_an_alliance_each_and_share_nobody(write) -> None:
    a, b = members(write, *(f"lead: county_{i}, members: {{below: county_{i}}}" for i in (1, 2))).values()
    assert not a & b
    with pytest.raises(UserError, match=r"`centre_3` belongs to `a` already.*`b` cannot have it too"):
        members(write, "lead: county_1, members: {below: county_1}", "lead: county_2, members: {facilities: centre_3}")


BUDGET = (
    f"baseline:\n  alliances:\n    county: {{{REST}, lead: county_1, members: {{below: county_1}}}}\n"
    "  settlements:\n    extra:\n      for: {alliances: county}\n"
    "      rule: salary\n      basic: {centre: 12000 yuan/year}\n      pass_through: 10%\n"
)


def owned(s) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells, the name of the rule that owns each, and whether its facility belongs to `county`."""
    network = network_of(s)
    cells, found = cells_of(s, s.baseline, network), members_of(s.baseline, network)
    names = np.array(list(s.baseline.payment))
    own = owners(s.baseline, s, cells.rows, cells.facilities, found)
    return cells.rows, names[own], np.isin(cells.rows["facility"], found["county"])


@pytest.mark.parametrize("takes", ["all", "[inpatients, outpatients]"])
def test_a_rule_for_members_takes_their_bills_from_others_and_no_more(takes: str, write) -> None:
    pool = f"  payment:\n    pool: {{for: {{alliances: county}}, takes_from: {takes}, rule: fee_for_service}}\n"
    rows, names, inside = owned(load(write(PLACE + BUDGET + pool)))
    assert (names == "pool").tolist() == inside.tolist()
    assert set(names[~inside & (rows["care"] > 0)]) == {"inpatients"}


def test_without_taking_from_it_the_two_overlap(write) -> None:
    pool = "  payment:\n    pool: {for: {alliances: county}, rule: fee_for_service}\n"
    with pytest.raises(UserError, match=r"payment\.pool: overlaps `inpatients`.*add `takes_from: \[inpatients\]`"):
        load(write(PLACE + BUDGET + pool))


def test_a_rule_may_lose_all_its_bills_to_who_takes_over(write) -> None:
    pool = "  payment:\n    pool: {for: {care: inpatient}, takes_from: inpatients, rule: fee_for_service}\n"
    _, names, _ = owned(load(write(PLACE + BUDGET + pool)))
    assert set(names) == {"pool", "outpatients"}


def test_a_settlement_is_for_the_members_of_its_alliance(write) -> None:
    s = load(write(PLACE + BUDGET))
    network = network_of(s)
    cells, found = cells_of(s, s.baseline, network), members_of(s.baseline, network)
    mine = settled(s.baseline, s, cells.rows, cells.facilities, found)
    assert np.flatnonzero(mine["extra"]).tolist() == found["county"].tolist()
    assert mine["doctor_pay"].all()


def test_allocation_has_usual_shares_and_a_patch_replaces_one_table(write) -> None:
    s = load(write(PLACE + BUDGET), ["baseline.alliances.county.allocation.by={volume: 50%, quality: 50%}"])
    allocation = s.baseline.alliances["county"].allocation
    assert allocation.by == {"volume": 0.5, "quality": 0.5}
    assert allocation.surplus_to == {"equipment": 0.4, "training": 0.2, "bonuses": 0.4}


def test_half_of_the_townships_start_a_year_earlier(write) -> None:
    text = PLACE + (
        "reforms:\n  pool:\n    title: {en: P, zh: 总}\n    timeline:\n"
        f"      2024-01:\n        alliances:\n          county: {{{REST}, lead: county_1,"
        " members: {below: [centre_3 to centre_4]}}\n"
        "      2025-01: {alliances: {county: {members: {below: county_1}}}}\n"
    )
    s = load(write(text))
    network = network_of(s)
    sizes = [len(members_of(state.rules, network).get("county", ())) for state in s.states("pool")]
    assert sizes == [0, 7, 10]
