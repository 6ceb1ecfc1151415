"""Who falls ill of what: levels that must be met exactly, and draws that must follow them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.names import CONTROLLED, FEMALE, NONE, TREATED, UNDIAGNOSED
from simulator.engine.state.people import PEOPLE
from simulator.illness.case_groups import CaseGroup
from simulator.illness.onset import (
    BANDS,
    CLASSES,
    MOST,
    classes,
    eligible,
    episodes_of,
    group_of,
    risk_class,
    risks,
    scaled,
)


def group(name: str = "cold", ages: str = "all", needed: float = 1, episodes: float = 100) -> CaseGroup:
    return CaseGroup(name, ages, needed, 1.0, 8.0, episodes, 10_000, 0.3)


def crowd(number: int = 5000, seed: int = 0) -> np.ndarray:
    """People of all ages, a third of the adults ill."""
    rng = np.random.default_rng(seed)
    people = PEOPLE.rows(number)
    people["age"], people["sex"] = rng.integers(0, 96, number), rng.integers(0, 2, number)
    people["frailty"] = rng.lognormal(0, 0.5, number)
    for disease in ("hypertension", "diabetes"):
        ill = (rng.random(number) < 0.33) & (people["age"] >= 18)
        people[disease] = np.where(ill, rng.integers(UNDIAGNOSED, CONTROLLED + 1, number), NONE)
    return people


GROUPS = [
    group(), group("injury", "15+", 9, 40), group("child_cold", "0-14", 1, 500), group("copd", "40+", 10, 60),
    group("delivery", "f15-49", 3.5, 7), group("stroke", "40+", 9, 14), group("heart_attack", "50+", 0.6, 0.8),
    group("hypertension_ip", "hyp", 6.5, 0), group("diabetes_ip", "dia", 9.1, 0), group("cataract", "60+", 5, 12),
]  # fmt: skip


def expected(people: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Episodes per 1,000 people and year by group, summed over the people one by one."""
    total = np.zeros(table.shape[1])
    for p in people:
        row = risk_class(p["age"], p["sex"], p["hypertension"], p["diabetes"])
        total += np.diff(table[row], prepend=0.0) * p["frailty"]
    return total / len(people) * 1000


def test_every_group_meets_its_rate():
    """Per 1,000 people of all ages, whoever it strikes; common complaints times the scale."""
    people = crowd()
    found = expected(people, risks(GROUPS, people, 0.8, 2.0))
    wanted = [scaled(g, 0.8) for g in GROUPS]
    assert found == pytest.approx(wanted, rel=1e-9)
    assert wanted[0] == 80.0  # one in a hundred needs an admission: common
    assert wanted[1] == 40.0  # more than one in twenty: as reported
    assert wanted[7] == 6.5  # none of its own: begins with its admissions


def test_only_who_can_have_it():
    """By band, sex and disease; a group of 60+ strikes nobody of 59."""
    people = crowd()
    rates = np.diff(risks(GROUPS, people, 1.0, 2.0), axis=1, prepend=0.0)
    for p in people[:500]:
        row = rates[risk_class(p["age"], p["sex"], p["hypertension"], p["diabetes"])]
        assert (row[2] > 0) == (p["age"] < 15)
        assert (row[4] > 0) == (p["sex"] == FEMALE and 15 <= p["age"] < 50)
        assert (row[7] > 0) == (p["hypertension"] != NONE)
        assert (row[8] > 0) == (p["diabetes"] != NONE)
        assert (row[9] > 0) == (p["age"] >= 60)
        assert row[0] > 0


def test_uncontrolled_disease_doubles_complications():
    """And nothing but complications: hazard ratios of the table of risks."""
    people = crowd()
    rates = np.diff(risks(GROUPS, people, 1.0, 2.0), axis=1, prepend=0.0)
    bad, good = (rates[risk_class(70, 0, state, NONE)] for state in (TREATED, CONTROLLED))
    ratio = {g.name: bad[k] / good[k] for k, g in enumerate(GROUPS) if good[k] > 0}
    assert ratio["stroke"] == ratio["heart_attack"] == ratio["hypertension_ip"] == pytest.approx(2.0)
    assert [ratio[name] for name in ("cold", "copd", "cataract", "injury")] == pytest.approx([1.0] * 4)
    bad, good = (rates[risk_class(70, 0, NONE, state)] for state in (UNDIAGNOSED, CONTROLLED))
    assert bad[8] / good[8] == pytest.approx(2.0)


def test_frailty_multiplies():
    people = crowd()
    table = risks(GROUPS, people, 1.0, 2.0)
    people["frailty"] *= 3
    assert risks(GROUPS, people, 1.0, 2.0) == pytest.approx(table / 3)


def test_nobody_exposed():
    """A group that strikes nobody of the place has no rate rather than an infinite one."""
    people = crowd()
    people["diabetes"] = NONE
    assert np.isfinite(risks(GROUPS, people, 1.0, 2.0)).all()
    assert expected(people, risks(GROUPS, people, 1.0, 2.0))[8] == 0


@given(st.integers(0, 110), st.integers(0, 1), st.integers(0, 4), st.integers(0, 4))
def test_classes_of_one_and_of_many_agree(age: int, sex: int, hypertension: int, diabetes: int):
    person = PEOPLE.rows(1)
    person["age"], person["sex"], person["hypertension"], person["diabetes"] = age, sex, hypertension, diabetes
    row = risk_class(age, sex, hypertension, diabetes)
    assert classes(person).tolist() == [row]
    assert 0 <= row < CLASSES


@pytest.mark.parametrize(("ages", "bands"), [("all", 9), ("0-14", 1), ("15+", 8), ("40+", 6), ("50+", 5), ("60+", 4)])
def test_eligible_bands(ages: str, bands: int):
    assert eligible(ages).sum() == bands * CLASSES / len(BANDS)


def test_illness_that_may_need_a_bed_grows_with_age_to_the_very_old():
    """By 3 % a year: exp(0.03 · 20) from 55 to 75, in one line to 85 and over; common complaints do not, and a group of
    women's ages does not either."""
    people = crowd()
    rates = np.diff(risks(GROUPS, people, 1.0, 2.0, 0.03), axis=1, prepend=0.0)
    by_age = np.array([rates[risk_class(age, 0, NONE, NONE)] for age in (5, 20, 33, 43, 53, 63, 73, 83, 99)])
    assert (np.diff(by_age[1:, 1]) > 0).all()  # injuries, from 15 on
    assert by_age[6, 1] / by_age[4, 1] == pytest.approx(math.exp(0.6))
    assert (by_age[:, 0] == by_age[0, 0]).all()
    women = [rates[risk_class(age, FEMALE, NONE, NONE)][4] for age in (20, 33, 45)]
    assert women[0] == women[1] == women[2] > 0
    assert expected(people, risks(GROUPS, people, 1.0, 2.0, 0.03)) == pytest.approx([scaled(g, 1.0) for g in GROUPS])


@given(st.floats(0.01, 6))
def test_number_of_episodes_is_poisson(mean: float):
    """The draws at which the number changes are those of the distribution, cut off at three and at a mean of 2.5."""
    kept = min(mean, 2.5)
    edge = 0.0
    for n in range(MOST):
        edge += math.exp(-kept) * kept**n / math.factorial(n)
        assert episodes_of(edge - 1e-9, mean) <= n < episodes_of(min(edge + 1e-9, 1.0), mean) or edge > 1 - 1e-8
    assert episodes_of(1.0 - 1e-12, mean) <= MOST


def test_nobody_without_risk_falls_ill():
    assert episodes_of(0.999999, 0.0) == 0


def test_groups_are_drawn_by_their_share():
    """A uniform grid meets each group as often as its incidence says; a group without incidence never."""
    cumulative = np.cumsum([0.0, 2.0, 0.0, 1.0, 5.0])
    drawn = np.bincount([group_of((k + 0.5) / 800, cumulative) for k in range(800)], minlength=5)
    assert drawn.tolist() == [0, 200, 0, 100, 500]
