"""A population made from the scenario's shares: families in communities, their members, incomes, plans and tastes.

Counts are controlled rather than drawn wherever a share is known (sizes, ages, plans, poverty), so that samples of
different seeds differ in who is who and hardly in how many. Every draw depends on the key and its purpose alone.
Values that went through ``exp`` are rounded to six decimals: its last bit differs between processors.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.core.names import FEMALE, INCOME_BINS, ONLINE
from simulator.core.table import Columns
from simulator.population.communities import Communities
from simulator.population.families import FAMILY, SELDOM
from simulator.population.households import Households, households, spread
from simulator.population.people import COURSE, PERSON
from simulator.population.shapes import OLDEST, age_shares, frailty_line, frailty_of_income, shapes

EMPLOYEE = "employee"
"""Unless said otherwise, the plan that comes with a job and stays in retirement; the others are for whole families."""

OWN = (
    Columns("families", *FAMILY.columns, *SELDOM.columns),
    Columns("persons", *PERSON.columns, *COURSE.columns),
)
"""Columns of families and persons without those that services add."""

HOUSEHOLD, INCOME, PLAN, POOR, FRAILTY, TRAVEL, TASTE, FLOATING, LITERACY = range(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationSettings:
    """Levels of a population.

    ``ages`` is the share of persons by age band ("0-4" … "85+"), ``family_size`` persons per family, ``one_person`` the
    share of families of one, ``urban`` the share of persons in urban communities (None: as the communities have it),
    incomes are disposable, fen per person and year, ``income_spread`` the standard deviation of the log of income per
    head over all families, ``poor`` the share of families entitled to medical aid; ``taste_spread`` is the standard
    deviation of the log of tastes, ``trust_mean`` and ``trust_spread`` are of trust in primary care; ``floating`` is
    the share of persons who are registered elsewhere.
    """

    ages: Mapping[str, float]
    family_size: float
    one_person: float
    income_urban: float
    income_rural: float
    income_spread: float
    poor: float
    urban: float | None = None
    taste_spread: float = 0.4
    trust_mean: float = 0.68
    trust_spread: float = 0.12
    floating: float = 0.0


def synthesise(
    settings: PopulationSettings,
    communities: Communities,
    families: int,
    key: tuple[int, int],
    plans: tuple[str, ...],
    shares: np.ndarray,
    employees: np.ndarray | None = None,
    area: np.ndarray | None = None,
    tables: tuple[Columns, Columns] = OWN,
) -> tuple[np.ndarray, np.ndarray]:
    """Families and persons, one table each; ``tables`` are their columns, which may be more than population knows of.

    The table of families has ``families + 1`` rows; of the last one only ``first`` means anything: it ends the last
    family. Families stand in the order of their communities. ``shares`` are shares of persons: (plan,), or, where
    ``area`` says in which area each facility lies, (area, plan). ``employees`` (plan,) says which plans come with a
    job. Raises UserError where the shares cannot be met.
    """
    if families < 1:
        raise UserError(say("population_none"))
    homes = communities.with_urban(settings.urban)
    home = spread(homes.weight, families)
    urban = np.asarray(homes.urban, np.int64)[home]
    members = households(
        age_shares(settings.ages), settings.family_size, settings.one_person, urban, _stream(key, HOUSEHOLD)
    )
    size = np.diff(members.first)
    per_head = _income_per_head(settings, urban, size, _stream(key, INCOME))

    table = tables[0].rows(families + 1)
    table["first"] = members.first
    real = table[:-1]
    places = homes.places[home]
    real["community"] = np.where(places[:, 0] >= 0, places[:, 0], places[:, 1])
    real["urban"] = urban
    real["income"] = np.rint(per_head * size)
    real["income_bin"] = _income_bins(per_head, size)
    real["poor"] = _poorest(per_head, settings.poor, _stream(key, POOR))
    real["place"][:, :4] = places
    noise = _lognormal(_stream(key, TRAVEL), shapes()["families"]["travel_spread"]["value"], places.shape, mean=False)
    real["minutes"][:, :4] = np.round(np.where(places >= 0, homes.minutes[home] * noise, 0), 6)
    if homes.online is not None:
        real["place"][:, ONLINE] = homes.online[home]  # no way to go
    _tastes(real, settings, per_head, size, _stream(key, TASTE))

    real["literacy"] = _literacy(per_head, _stream(key, LITERACY))

    people = tables[1].rows(len(members.family))
    people["id"] = people["row"] = np.arange(len(people))
    people["family"], people["age"], people["sex"] = members.family, members.age, members.sex
    comes_with_job = np.array([plan == EMPLOYEE for plan in plans]) if employees is None else np.asarray(employees)
    shares = np.atleast_2d(np.asarray(shares, float))
    region = np.zeros(families, np.int64) if area is None else area[real["community"]]
    people["plan"] = _plans_by_area(members, per_head, urban, region, comes_with_job, shares, key)
    rich = (per_head / np.average(per_head, weights=size))[members.family]
    people["frailty"] = _frailty(members.age, rich, _stream(key, FRAILTY))
    people["floating"] = _stream(key, FLOATING).random(len(people)) < settings.floating
    return table, people


def _stream(key: tuple[int, int], purpose: int, area: int = 0) -> np.random.Generator:
    """The draws of one purpose and area: Philox streams that can never meet."""
    return np.random.Generator(np.random.Philox(key=np.array(key, np.uint64), counter=[0, 0, area, purpose]))


def _lognormal(rng: np.random.Generator, sd: float, shape: int | tuple[int, ...], mean: bool = True) -> np.ndarray:
    """Lognormal factors of mean one, or of median one where ``mean`` is False."""
    return np.round(np.exp(sd * rng.standard_normal(shape) - (sd * sd / 2 if mean else 0)), 6)


def _literacy(per_head: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Health literacy of families in standard deviations, (family,), higher where incomes are."""
    logs = np.log(np.maximum(per_head, 1))
    tie = shapes()["families"]["literacy_income"]["value"]
    rich = (logs - logs.mean()) / max(logs.std(), 1e-9)
    return np.round(tie * rich + np.sqrt(1 - tie * tie) * rng.standard_normal(len(per_head)), 6)


def _highest(score: np.ndarray, count: int) -> np.ndarray:
    """Mask of the ``count`` highest scores."""
    chosen = np.zeros(len(score), bool)
    if count > 0:
        chosen[np.argpartition(score, len(score) - count)[-count:]] = True
    return chosen


def _income_per_head(
    settings: PopulationSettings, urban: np.ndarray, size: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Whole fen a year per member, (family,), with exact means over persons in town and country.

    The spread within town and within country is what the difference between the two leaves of the overall one.
    """
    means = np.array([settings.income_rural, settings.income_urban])
    town = urban.mean()
    between = town * (1 - town) * np.log(means[1] / means[0]) ** 2
    if between > settings.income_spread**2:
        raise UserError(say("population_spread", spread=f"{settings.income_spread:g}", least=f"{between**0.5:.2f}"))
    income = _lognormal(rng, float(np.sqrt(settings.income_spread**2 - between)), len(urban))
    for kind in (0, 1):
        here = urban == kind
        if here.any():
            income[here] *= means[kind] * size[here].sum() / (income[here] * size[here]).sum()
    return np.rint(income)


def _income_bins(per_head: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Rank of a family's income per head among persons, in hundredths: 0 poorest to 99 richest."""
    order = np.argsort(per_head, kind="stable")
    middle = np.cumsum(size[order]) - size[order] / 2
    bins = np.empty(len(size), np.int64)
    bins[order] = middle * INCOME_BINS // size.sum()
    return bins


def _poorest(per_head: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Mask of families entitled to aid: ``share`` of them, the poorest as far as the bureau can see."""
    seen = np.log(np.maximum(per_head, 1)) + shapes()["families"]["poor_noise"]["value"] * rng.standard_normal(
        len(per_head)
    )
    return _highest(-seen, round(share * len(per_head)))


def _tastes(
    table: np.ndarray,
    settings: PopulationSettings,
    per_head: np.ndarray,
    size: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Fill the permanent tastes, trust and habit of families."""
    data, count = shapes()["families"], len(table)
    relative = np.maximum(per_head, 1) * size.sum() / (per_head * size).sum()
    table["taste_quality"] = _lognormal(rng, settings.taste_spread, count)
    table["taste_travel"] = _lognormal(rng, settings.taste_spread, count)
    price = _lognormal(rng, settings.taste_spread, count)
    table["taste_price"] = np.round(price * relative ** data["price_income"]["value"], 6)
    table["taste_primary"] = np.round(settings.trust_spread * rng.standard_normal(count), 6)
    table["trust"] = settings.trust_mean
    table["habit"] = data["habit"]["value"]


def _frailty(age: np.ndarray, relative: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Factor on the rate of falling ill, (person,), mean one: smooth in age, with no step at any, and lower where the
    income per head is high, ``relative`` to the mean (person,)."""
    lasting = _lognormal(rng, shapes()["frailty"]["spread"]["value"], len(age))
    frailty = lasting * frailty_line()[np.minimum(age, OLDEST)] * frailty_of_income(relative)
    return np.round(frailty * (len(age) / frailty.sum()), 6)


def _plans_by_area(
    members: Households,
    per_head: np.ndarray,
    urban: np.ndarray,
    area: np.ndarray,
    employees: np.ndarray,
    shares: np.ndarray,
    key: tuple[int, int],
) -> np.ndarray:
    """Plan of each person, (person,): ``shares`` (area, plan) are met in every area by itself."""
    if len(shares) == 1:
        return _plans(members, per_head, urban, employees, shares[0], _stream(key, PLAN))
    plan = np.zeros(len(members.age), np.int64)
    size = np.diff(members.first)
    for code in np.unique(area):
        mine = area == code
        persons = np.repeat(mine, size)
        here = Households(
            np.concatenate([[0], np.cumsum(size[mine])]),
            np.repeat(np.arange(mine.sum()), size[mine]),
            *(column[persons] for column in (members.role, members.age, members.sex)),
        )
        rng = _stream(key, PLAN, int(code))
        plan[persons] = _plans(here, per_head[mine], urban[mine], employees, shares[code], rng)
    return plan


def _plans(
    members: Households,
    per_head: np.ndarray,
    urban: np.ndarray,
    employees: np.ndarray,
    shares: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Plan of each person, (person,).

    Members of the employees' plans are adults, more of them in town and where incomes are high, a fixed share of them
    retired; who is left in a family shares one of the other plans. Several employees' plans split their people by lot.
    """
    if len(employees) != len(shares) or (shares < 0).any() or abs(shares.sum() - 1) > 0.01:
        raise UserError(say("population_plan_sum", total=f"{shares.sum():.1%}"))
    shares = shares / shares.sum()
    plan = np.full(len(members.age), -1, np.int64)
    jobs = np.flatnonzero(employees & (shares > 0))
    if len(jobs):
        chosen = _employees(members, per_head, urban, float(shares[jobs].sum()), rng)
        plan[chosen] = jobs[0]
        if len(jobs) > 1:
            plan[rng.permutation(chosen)] = jobs[spread(shares[jobs], len(chosen))]
        shares = np.where(employees, 0, shares)
    rest = plan < 0
    if rest.any():
        # Whole families, in a drawn order, fill one plan after the other.
        order = rng.permutation(len(per_head))
        left = np.bincount(members.family[rest], minlength=len(per_head))[order]
        edges = np.cumsum(shares) / shares.sum()
        family_plan = np.empty(len(per_head), np.int64)
        family_plan[order] = np.searchsorted(edges, (np.cumsum(left) - left / 2) / left.sum())
        plan[rest] = np.minimum(family_plan, np.flatnonzero(shares)[-1])[members.family[rest]]
    return plan


def _employees(
    members: Households, per_head: np.ndarray, urban: np.ndarray, share: float, rng: np.random.Generator
) -> np.ndarray:
    """Rows of the members of the employees' plan."""
    data = shapes()["employees"]
    odds = data["income"]["value"] * np.log(np.maximum(per_head, 1)) + data["urban"]["value"] * urban
    luck = rng.random(len(members.age))
    score = odds[members.family] + np.log((luck + 2.0**-60) / (1 - luck))
    leaves = np.where(members.sex == FEMALE, data["retires"]["female"], data["retires"]["male"])
    retired = np.flatnonzero(members.age >= leaves)
    working = np.flatnonzero((members.age >= shapes()["ages"]["adult"]) & (members.age < leaves))
    wanted = round(share * len(members.age))
    if wanted > len(retired) + len(working):
        adults = (len(retired) + len(working)) / len(members.age)
        raise UserError(say("population_employees", share=f"{share:.1%}", adults=f"{adults:.1%}"))
    old = min(round(data["retired"]["value"] * wanted), len(retired))
    young = min(wanted - old, len(working))
    old = wanted - young
    return np.concatenate([retired[_highest(score[retired], old)], working[_highest(score[working], young)]])
