"""Families put together: who lives with whom, how old they are, men and women.

Ages are dealt out, not drawn. Every person first gets the age that a person in that role would have (a mother some 27
years older than her first child); then all are put in the order of these ages, and the ages of the census are given to
them in that order. So the age bands are met exactly, whatever the families look like, and parents stay older than
children. Minors are set apart first, and no head of a family is one: every family has an adult.
"""

from dataclasses import dataclass

import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.core.names import FEMALE, MALE
from simulator.population.shapes import OLDEST, family_types, shapes

HEAD, PARTNER, CHILD, ELDER = range(4)


@dataclass(frozen=True, slots=True)
class Households:
    """Members as columns, family after family.

    ``first`` (family + 1,) is the first row of each family; the others are one value per person: the row of its
    ``family``, its ``role`` (0 head, 1 partner, 2 child, 3 elder), ``age`` in years and ``sex``.
    """

    first: np.ndarray
    family: np.ndarray
    role: np.ndarray
    age: np.ndarray
    sex: np.ndarray


def spread(shares: np.ndarray, count: int) -> np.ndarray:
    """``count`` numbers of classes in proportion to ``shares``, exact to one, in the order of the classes.

    >>> spread(np.array([0.5, 0.25, 0.25]), 4).tolist()
    [0, 0, 1, 2]
    """
    edges = np.cumsum(shares)
    return np.searchsorted(edges / edges[-1], (np.arange(count) + 0.5) / max(count, 1))


def households(ages: np.ndarray, mean: float, alone: float, urban: np.ndarray, rng: np.random.Generator) -> Households:
    """Families for an age structure.

    ``ages`` (101,) are shares by single year, ``mean`` the members per family, ``alone`` the share of families of one
    person, ``urban`` (family,) who lives in town: sizes are the same in town and country, to the family. Raises
    UserError where the families are too small for that many minors.
    """
    members, shares = family_types(mean, alone)
    adult = shapes()["ages"]["adult"]
    if ages[:adult].sum() * mean > mean - 1:
        raise UserError(say("population_minors", share=f"{ages[:adult].sum():.1%}", size=f"{mean:g}"))
    kind = np.empty(len(urban), np.int64)
    for town in (True, False):
        here = np.flatnonzero((urban > 0) == town)
        kind[here] = rng.permutation(spread(shares, len(here)))

    size = 1 + members.sum(axis=1)[kind]
    first = np.concatenate([[0], np.cumsum(size)])
    family = np.repeat(np.arange(len(kind)), size)
    position = np.arange(first[-1]) - first[family]
    role, order = _roles(members)
    kind_of = kind[family]
    role, order = role[kind_of, position], order[kind_of, position]
    age = _deal(ages, _wished(members[kind], family, role, order, rng), role, adult)
    sex = _sexes(role, order, members[kind_of], age, rng)
    return Households(first, family, role, age, sex)


def _roles(members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Role and number within the role of each member, both (type, largest family)."""
    most = 1 + members.sum(axis=1).max()
    role, order = np.zeros((2, len(members), most), np.int64)
    for t, (partners, children, elders) in enumerate(members):
        beside = ((PARTNER, partners), (CHILD, children), (ELDER, elders))
        for m, (r, i) in enumerate([(r, i) for r, n in beside for i in range(n)], 1):
            role[t, m], order[t, m] = r, i
    return role, order


def _wished(
    members: np.ndarray, family: np.ndarray, role: np.ndarray, order: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The age in years that each person's role suggests, a float (person,)."""
    data, count = shapes()["ages"], len(members)

    def profile(name: str, u: np.ndarray) -> np.ndarray:
        return np.interp(u, data[name]["below"], data[name]["ages"])

    def gap(name: str, size: int) -> np.ndarray:
        d = data[name]
        return np.clip(d["mean"] + d["spread"] * rng.standard_normal(size), d["least"], d["most"])

    couple, children, elders = members.T
    u = rng.random(count)
    first_child = np.where(elders > 0, profile("first_child_beside_elders", u), profile("first_child", u))
    parent = first_child + gap("mother_at_first_birth", count)
    older = gap("husband_older", count)
    head = np.where(couple > 0, parent + older, parent)
    childless = np.where(couple > 0, profile("couple", u), profile("alone", u))
    head = np.where((children == 0) & (elders == 0), childless, head)
    elder = head + gap("elder_older", count)

    age = head[family]
    for who, shift in (
        (PARTNER, lambda f, i: -older[f]),
        (CHILD, lambda f, i: first_child[f] - head[f] - i * gap("between_children", len(f))),
        (ELDER, lambda f, i: elder[f] - head[f] - i * gap("elders_apart", len(f))),
    ):
        rows = np.flatnonzero(role == who)
        age[rows] += shift(family[rows], order[rows])
    return np.clip(age + rng.random(len(age)), 0, OLDEST + 1)


def _deal(ages: np.ndarray, wished: np.ndarray, role: np.ndarray, adult: int) -> np.ndarray:
    """Ages of the census (person,) given out in the order of the wished ones, to minors and adults apart."""
    pool = spread(ages, len(wished))
    minors = min(int((pool < adult).sum()), int((role != HEAD).sum()))
    # Children are minors before partners and elders are, and heads never.
    far = np.array([4, 2, 0, 2]) * OLDEST
    queue = wished + far[role]
    minor = np.zeros(len(wished), bool)
    minor[np.argpartition(queue, minors - 1)[:minors] if minors else []] = True
    age = np.empty(len(wished), np.int64)
    for group, dealt in ((minor, pool[:minors]), (~minor, np.maximum(pool[minors:], adult))):
        rows = np.flatnonzero(group)
        age[rows[np.argsort(wished[rows], kind="stable")]] = dealt
    return age


def _sexes(
    role: np.ndarray, order: np.ndarray, members: np.ndarray, age: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Sexes (person,): a couple is a man and a woman; the others make up the sex ratio of their age band."""
    ratio = shapes()["men_per_100_women"]["band"]
    band = np.searchsorted(list(ratio), age, side="right") - 1
    men = np.array(list(ratio.values())) / (100.0 + np.array(list(ratio.values())))
    couple, _, elders = members.T
    wife = (role == PARTNER) | ((role == ELDER) & (order == 1))
    husband = ((role == HEAD) & (couple > 0)) | ((role == ELDER) & (order == 0) & (elders == 2))
    free = ~(wife | husband)

    def by_band(who: np.ndarray) -> np.ndarray:
        return np.bincount(band[who], minlength=len(men))

    everybody = by_band(np.ones(len(age), bool))
    chance = np.clip((men * everybody - by_band(husband)) / np.maximum(by_band(free), 1), 0, 1)
    male = np.where(free, rng.random(len(age)) < chance[band], husband)
    return np.where(male, MALE, FEMALE)
