"""Bills are rows: what they say adds up, and how many families receive at once leaves no trace."""

import numpy as np
import pytest

from simulator.core.names import CENTRE, OUTPATIENT, SECONDARY
from simulator.engine.month import PHASES
from simulator.engine.passes.receive import pay
from simulator.engine.runners.fast import Fast
from simulator.engine.state.bills import BILLS, PER_EPISODE, PURPOSES, room_for_bills
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import SUMS, Sums
from simulator.engine.state.world import World
from tests.benefit.worlds import EVERYTHING
from tests.small import COUNTY, SHORT, Spec, model, world


def before_pay(families: int = 120) -> tuple[World, np.ndarray]:
    """A county in its fourth month, under all that families pay by, and its episodes when bills are due."""
    system = model(Spec((SHORT, COUNTY, *EVERYTHING), families=families, months=6))
    for _ in range(3):
        system.step()
    assert isinstance(system.engine, Fast)
    for phase in PHASES:
        if phase.__name__ == "pay":
            break
        phase(system.world, system.engine)
    (block,) = system.engine.blocks
    return system.world, block.rows[: block.end].copy()


def test_how_many_receive_at_once_leaves_no_trace():
    """All families with room to spare; with room for little more than one; and one by one."""
    place, episodes = before_pay()
    found = []
    for room, step in ((10_000, 120), (len(room_for_bills(place.families[:2])), 120), (2_000, 1)):
        families, persons, rows = place.families.copy(), place.persons.copy(), episodes.copy()
        force = in_force(place)._replace(rare=place.rare.copy())
        sums, bills = Sums(place), BILLS.rows(max(room, len(room_for_bills(place.families)) // 2))
        for low in range(0, 120, step):
            first, last = np.searchsorted(rows["family"], (low, low + step))
            pay(families, persons, force, rows[first:last], low, low + step, bills, sums.arrays)
        found.append([families, persons, rows, force.rare, *(getattr(sums, name) for name in SUMS)])
    for other in found[1:]:
        assert all(np.array_equal(mine, its) for mine, its in zip(found[0], other, strict=True))


def test_what_a_bill_says_adds_up():
    place, episodes = before_pay()
    bills = BILLS.rows(PER_EPISODE * len(episodes))
    n = pay(place.families, place.persons, in_force(place), episodes, 0, 120, bills, Sums(place).arrays)
    rows = bills[:n]
    assert n > 100
    paid = rows["cash"] + rows["others"].sum(axis=1)
    assert (rows["own"] + rows["fund"] == rows["charge"] - rows["outside"]).all()
    assert (paid == rows["own"] + rows["outside"] - rows["back"]).all()
    assert (rows["drugs"] + rows["tests"] <= rows["charge"]).all()
    assert (rows["repeated"] <= rows["tests"]).all()
    assert rows["others"].any()
    mine = episodes[rows["episode"]]
    for name in ("family", "person", "group"):
        assert (rows[name] == mine[name]).all()
    first = rows["purpose"] == PURPOSES.index("first")
    assert (rows["facility"][first] == mine["seen"][first]).all()
    assert np.bincount(rows["episode"], minlength=len(episodes)).max() <= PER_EPISODE
    assert first.sum() == (episodes["seen"] >= 0).sum()
    billed = rows["care"] == OUTPATIENT
    assert (np.isin(rows["purpose"], [0, 1, 2]) == billed).all()


def test_a_way_through_the_system_is_a_row_of_bills():
    """Seen at the centre, sent up, admitted, stepped down: each is billed where it happens, in this order."""
    w = world(Spec((SHORT, COUNTY), families=10))
    w.behaviour["follow_up"] = 0.0
    w.facilities["split"] = 0.0
    person = 0
    family = int(w.persons["family"][person])
    centre, hospital = (int(w.families["place"][family][tier]) for tier in (CENTRE, SECONDARY))
    episodes = EPISODES.rows(1)
    e = episodes[0]
    e.family, e.person, e.number, e.severity, e.day = family, person, 2, 0.6, 4
    e.option, e.seen, e.sent, e.referred, e.referral = CENTRE, centre, 1, hospital, 1
    e.needs_bed = e.takes_bed = 1
    e.admitted, e.days, e.stage, e.moved_to, e.tail = hospital, 6, 5, centre, 4
    bills, sums = room_for_bills(w.families), Sums(w)
    n = pay(w.families, w.persons, in_force(w), episodes, family, family + 1, bills, sums.arrays)
    told = [(PURPOSES[b.purpose], int(b.facility), int(b.day), int(b.days)) for b in bills[:n]]
    assert told == [
        ("first", centre, 4, 0), ("referred", hospital, 4, 0), ("stay", hospital, 4, 6), ("rest", centre, 10, 4),
    ]  # fmt: skip
    assert w.families["paid_year"][family] == bills["cash"][:n].sum()


def test_a_family_always_fits():
    families = world(Spec((SHORT, COUNTY), families=30)).families
    largest = int(np.diff(families["first"]).max())
    assert len(room_for_bills(families)) >= 6 * PER_EPISODE * largest
    families["first"][-1] += 1000
    assert len(room_for_bills(families)) >= 6 * PER_EPISODE * 1000


@pytest.mark.parametrize(("table", "most"), [(EPISODES, 128), (BILLS, 168)])
def test_rows_do_not_grow_unnoticed(table, most: int):
    """A row of episodes of more than 128 bytes costs a fifth of contention: measure before widening it."""
    assert table.dtype.itemsize <= most
