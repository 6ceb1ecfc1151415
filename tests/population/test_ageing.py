"""Deaths meet the crude rate; everybody has one birthday a year."""

import numpy as np
import pytest

from simulator.engine.state.people import PEOPLE
from simulator.population.ageing import birthday, death_table, dies, frailty_by_age
from simulator.population.shapes import age_shares

AGES = {"0-14": 0.18, "15-59": 0.63, "60-84": 0.18, "85+": 0.01}


@pytest.fixture
def people():
    table = PEOPLE.rows(200_000)
    table["age"] = np.searchsorted(np.cumsum(age_shares(AGES)), (np.arange(len(table)) + 0.5) / len(table))
    rng = np.random.default_rng(5)
    table["frailty"] = rng.lognormal(-0.1, 0.45, len(table)) * np.where(table["age"] >= 60, 1.7, 0.8)
    return table


def test_mean_over_the_population_is_the_crude_rate(people):
    count = np.bincount(people["age"], minlength=101)
    table = death_table(count, 0.00787, frailty_by_age(people))
    chance = table[people["age"]] * people["frailty"]
    assert 12 * chance.mean() == pytest.approx(0.00787, rel=1e-9)
    plain = death_table(age_shares(AGES), 0.00787)
    assert 12 * (plain * age_shares(AGES)).sum() == pytest.approx(0.00787, rel=1e-9)
    # Frailty says who dies among people of one age, not how many.
    at_70 = people["age"] == 70
    assert chance[at_70].mean() / death_table(count, 0.00787)[70] == pytest.approx(1, rel=1e-9)


def test_mortality_doubles_about_every_eight_years_of_later_life():
    table = death_table(age_shares(AGES), 0.00787)
    assert (np.diff(table[12:]) > 0).all()
    assert table[0] > table[10]
    assert 6 < 40 * np.log(2) / np.log(table[85] / table[45]) < 9
    assert table.max() < 0.1


def test_deaths_follow_the_table():
    table = death_table(age_shares(AGES), 0.00787)
    u = (np.arange(20_000) + 0.5) / 20_000
    for age, frailty in ((80, 1.0), (90, 1.5), (130, 1.0)):
        share = np.mean([dies(x, age, frailty, table) for x in u])
        assert share == pytest.approx(table[min(age, 100)] * frailty, abs=1e-4)


def test_one_birthday_a_year_spread_over_the_months():
    held = np.array([[birthday(month, person) for month in range(24)] for person in range(240)])
    assert (held.sum(axis=1) == 2).all()
    assert (held.sum(axis=0) == 20).all()
