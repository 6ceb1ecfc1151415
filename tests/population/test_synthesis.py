"""The population against the census, and laws that hold for any population."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.core.errors import UserError
from simulator.population.communities import Communities
from simulator.population.shapes import age_bands, age_shares, size_shares
from simulator.population.synthesis import PopulationSettings, synthesise

AGES = {
    "0-4": 0.0552, "5-9": 0.0639, "10-14": 0.0604, "15-19": 0.0516, "20-24": 0.0531, "25-29": 0.0652, "30-34": 0.0881,
    "35-39": 0.0703, "40-44": 0.0659, "45-49": 0.0812, "50-54": 0.0860, "55-59": 0.0721, "60-64": 0.0520,
    "65-69": 0.0525, "70-74": 0.0353, "75-79": 0.0222, "80-84": 0.0146, "85+": 0.0104,
}  # fmt: skip
CENSUS = PopulationSettings(
    ages=AGES,
    family_size=2.62,
    one_person=0.254,
    urban=0.6389,
    income_urban=5_182_100,
    income_rural=2_169_100,
    income_spread=0.8,
    poor=0.06,
)
PLANS, SHARES = ("resident", "employee"), np.array([0.722, 0.278])
MINUTES = np.array([[9.0, 24.0, 50.0, 110.0], [8.0, 14.0, 28.0, 38.0]])


def communities(count: int, urban: int) -> Communities:
    """Communities, the first ``urban`` of them in town, five to a centre."""
    row = np.arange(count)
    town = (row < urban).astype(int)
    return Communities(row + 50, row // 5, row // 40 + 200, row % 3 + 300, town, np.ones(count), MINUTES[town])


@pytest.fixture(scope="module")
def census():
    families, people = synthesise(CENSUS, communities(192, 48), 20_000, (11, 7), PLANS, SHARES)
    return families, families[:-1], people, np.diff(families["first"])


def test_ages_and_sexes_are_those_of_the_census(census):
    _, _, people, _ = census
    first, shares = age_bands(AGES)
    found = np.bincount(np.searchsorted(first, people["age"], side="right") - 1, minlength=len(first)) / len(people)
    assert np.abs(found - shares).max() < 0.001
    assert (people["sex"] == 0).mean() == pytest.approx(0.512, abs=0.004)
    oldest = people[people["age"] >= 80]
    assert 0.36 < (oldest["sex"] == 0).mean() < 0.47
    children = people[people["age"] < 15]
    assert 0.515 < (children["sex"] == 0).mean() < 0.545


def test_family_sizes(census):
    _, _, people, size = census
    assert (size == 1).mean() == pytest.approx(0.254, abs=0.0005)
    assert len(people) / len(size) == pytest.approx(2.62, abs=0.005)
    assert size.max() == 8
    assert (np.diff(np.bincount(size)[1:]) < 0).sum() >= 6  # falls off from two on


def test_families_look_like_families(census):
    families, _, people, size = census
    adult = people["age"] >= 18
    assert np.bincount(people["family"], adult).min() >= 1
    couple = np.flatnonzero(size == 2)
    one, other = people[families["first"][couple]], people[families["first"][couple] + 1]
    pair = (one["age"] >= 18) & (other["age"] >= 18) & (one["sex"] != other["sex"])
    assert np.percentile(np.abs(one["age"] - other["age"])[pair], 75) < 8
    # In a family of three with a child the child is about a generation younger than the others.
    three = np.flatnonzero(size == 3)
    ages = np.sort(people["age"][families["first"][three][:, None] + np.arange(3)], axis=1)
    with_child = ages[:, 0] < 18
    gap = (ages[:, 1] - ages[:, 0])[with_child]
    assert 0.6 < with_child.mean() < 0.85
    assert np.percentile(gap, 5) > 15
    assert 22 < np.median(gap) < 32
    # About three in ten of those who live alone are sixty and older (NBS 2020).
    alone = people["age"][families["first"][:-1][size == 1]]
    assert 0.22 < (alone >= 60).mean() < 0.42


def test_town_and_country_and_incomes(census):
    _, real, people, size = census
    assert real["urban"][people["family"]].mean() == pytest.approx(0.6389, abs=0.001)
    per_head = real["income"] / size
    for kind, mean in ((1, 5_182_100), (0, 2_169_100)):
        here = real["urban"] == kind
        assert np.average(per_head[here], weights=size[here]) == pytest.approx(mean, rel=1e-4)
    assert np.log(per_head).std() == pytest.approx(0.8, abs=0.02)
    share = np.bincount(real["income_bin"][people["family"]], minlength=100) / len(people)
    assert np.abs(share - 0.01).max() < 0.0005
    order = np.argsort(per_head, kind="stable")
    assert (np.diff(real["income_bin"][order]) >= 0).all()


def test_plans(census):
    _, real, people, size = census
    employee = people[people["plan"] == 1]
    assert len(employee) / len(people) == pytest.approx(0.278, abs=0.003)
    assert employee["age"].min() >= 18
    retired = employee["age"] >= np.where(employee["sex"] == 1, 55, 60)
    assert retired.mean() == pytest.approx(0.2695, abs=0.002)
    town = real["urban"][people["family"]] == 1
    rate = [(people["plan"][town == t] == 1).mean() for t in (False, True)]
    assert rate[1] > 2 * rate[0]
    rich = (real["income"] / size)[people["family"]] > np.median(real["income"] / size)
    assert (people["plan"][town & rich] == 1).mean() > 1.3 * (people["plan"][town & ~rich] == 1).mean()


def test_poverty_frailty_and_tastes(census):
    _, real, people, size = census
    assert real["poor"].sum() == round(0.06 * len(real))
    assert np.median(real["income_bin"][real["poor"] == 1]) < 10
    assert people["frailty"].mean() == pytest.approx(1, abs=1e-6)
    old, adult = people["age"] >= 60, (people["age"] >= 15) & (people["age"] < 60)
    assert people["frailty"][old].mean() / people["frailty"][adult].mean() == pytest.approx(1.33, rel=0.03)
    by_age = [people["frailty"][(people["age"] // 5) * 5 == age].mean() for age in range(25, 75, 5)]
    assert max(b / a for a, b in pairwise(by_age)) < 1.2  # no step at any age
    per_head = (real["income"] / size)[people["family"]]
    told_apart = (per_head > 0.1 * per_head.mean()) & (per_head < 10 * per_head.mean())
    gradient = np.polyfit(np.log(per_head[told_apart]), np.log(people["frailty"][told_apart]), 1)[0]
    assert gradient == pytest.approx(-0.2, abs=0.02)
    for taste in ("taste_quality", "taste_travel"):
        assert real[taste].mean() == pytest.approx(1, abs=0.015)
        assert np.log(real[taste]).std() == pytest.approx(0.4, abs=0.01)
    slope = np.polyfit(np.log(real["income"] / size), np.log(real["taste_price"]), 1)[0]
    assert slope == pytest.approx(-0.4, abs=0.02)
    assert real["taste_primary"].mean() == pytest.approx(0, abs=0.003)
    assert real["taste_primary"].std() == pytest.approx(0.12, abs=0.003)
    assert (real["trust"] == 0.68).all()
    assert real["habit"][0].tolist() == [0.30, 0.24, 0.18, 0.28]


def test_places_and_travel(census):
    _, real, _, _ = census
    assert (real["place"][:, 0] == real["community"]).all()
    assert (real["place"][:, 4:] == -1).all()
    assert (real["minutes"][:, 4:] == 0).all()
    for kind in (0, 1):
        assert np.median(real["minutes"][real["urban"] == kind, :4], axis=0) == pytest.approx(MINUTES[kind], rel=0.03)
    logs = np.log(real["minutes"][real["urban"] == 0, :4])
    assert logs.std(axis=0) == pytest.approx([0.35] * 4, abs=0.01)


def test_other_plans_are_shared_within_a_family():
    plans, shares = ("north", "south", "employee"), np.array([0.4, 0.3, 0.3])
    _, people = synthesise(CENSUS, communities(20, 10), 4000, (1, 1), plans, shares)
    assert np.bincount(people["plan"]) / len(people) == pytest.approx(shares, abs=0.002)
    others = people[people["plan"] < 2]
    mixed = np.bincount(others["family"], others["plan"] == 0)
    count = np.bincount(others["family"])
    assert ((mixed == 0) | (mixed == count)).all()


def test_a_community_without_station_lives_at_its_centre():
    homes = replace(communities(4, 4), station=np.full(4, -1))
    families, _ = synthesise(CENSUS, homes, 8, (1, 1), PLANS, SHARES)
    real = families[:-1]
    assert (real["place"][:, 0] == -1).all()
    assert (real["community"] == real["place"][:, 1]).all()
    assert (real["minutes"][:, 0] == 0).all()


small = st.tuples(
    st.integers(1, 60), st.integers(1, 6), st.integers(0, 6), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)
)


@given(small)
@settings(max_examples=60, deadline=None)
def test_laws_of_any_population(case):
    count, homes, urban, k0, k1 = case
    where = communities(homes, min(urban, homes))
    families, people = synthesise(CENSUS, where, count, (k0, k1), PLANS, SHARES)
    first, real = families["first"], families[:-1]
    assert len(families) == count + 1
    assert first[0] == 0
    assert first[-1] == len(people)
    assert (np.diff(first) >= 1).all()
    assert (people["family"] == np.repeat(np.arange(count), np.diff(first))).all()
    assert (people["id"] == np.arange(len(people))).all()
    assert np.bincount(people["family"], people["age"] >= 18, minlength=count).min() >= 1
    assert set(np.unique(people["plan"])) <= {0, 1}
    assert (people["age"][people["plan"] == 1] >= 18).all()
    assert people["age"].min() >= 0
    assert people["age"].max() <= 100
    assert set(np.unique(people["sex"])) <= {0, 1}
    assert real["habit"].sum(axis=1) == pytest.approx(np.ones(count))
    assert (real["income"] > 0).all()
    assert real["income_bin"].min() >= 0
    assert real["income_bin"].max() <= 99
    assert (people["frailty"] > 0).all()
    assert np.isin(real["community"], where.station).all()
    again = synthesise(CENSUS, where, count, (k0, k1), PLANS, SHARES)
    assert families.tobytes() == again[0].tobytes()
    assert people.tobytes() == again[1].tobytes()


def test_another_key_is_another_population():
    made = [synthesise(CENSUS, communities(10, 5), 200, key, PLANS, SHARES) for key in ((1, 1), (1, 2), (2, 1))]
    for column in ("income", "taste_quality", "minutes"):
        assert len({families[column].tobytes() for families, _ in made}) == 3
    assert len({people["frailty"].tobytes() for _, people in made}) == 3


def test_single_years_add_up_to_their_bands():
    single = age_shares(AGES)
    assert single.sum() == pytest.approx(1)
    assert single[:5].sum() == pytest.approx(0.0552 / sum(AGES.values()))
    assert single[85:].sum() == pytest.approx(0.0104 / sum(AGES.values()))
    assert (np.diff(single[85:]) < 0).all()


@given(st.floats(2.3, 3.6), st.floats(0.05, 0.3))
def test_sizes_meet_the_mean(mean, alone):
    share = size_shares(mean, alone)
    assert share[0] == pytest.approx(alone)
    assert share.sum() == pytest.approx(1)
    assert (share * np.arange(1, 9)).sum() == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ages": {"0-14": 0.2, "16+": 0.8}}, "gap"),
        ({"ages": {"0-14": 0.2, "15+": 0.7}}, "sum to 90"),
        ({"ages": {"young": 1.0}}, "`young`"),
        ({"ages": {"0-17": 0.7, "18+": 0.3}}, "minors"),
        ({"family_size": 1.1}, "mean of 1.1"),
        ({"income_spread": 0.1}, "more than 0.1"),
    ],
)
def test_what_cannot_be_is_refused(change, words):
    with pytest.raises(UserError, match=words):
        synthesise(replace(CENSUS, **change), communities(6, 3), 50, (1, 1), PLANS, SHARES)


def test_plans_that_cannot_be_are_refused():
    with pytest.raises(UserError, match=r"95\.0%"):
        synthesise(CENSUS, communities(6, 3), 500, (1, 1), PLANS, np.array([0.05, 0.95]))
    with pytest.raises(UserError, match=r"90\.0%"):
        synthesise(CENSUS, communities(6, 3), 500, (1, 1), PLANS, np.array([0.6, 0.3]))
