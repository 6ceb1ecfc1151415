"""Counts are what their declarations say: read by NumPy over whole tables they give what the compiled passes add up."""

import collections
import re
from typing import Any

import numpy as np
import pytest

from simulator.core.names import INPATIENT, OUTPATIENT, SECONDARY
from simulator.core.table import Column, Columns
from simulator.count.events import EVENTS
from simulator.count.people import HOMES, INCOMES, PLANS
from simulator.count.sums import COUNTED
from simulator.declare.books import BOOKS
from simulator.declare.counts import Count, Counts
from simulator.declare.expressions import Rows, Word, word
from simulator.declare.written import pass_over
from simulator.engine.passes.counting import TABLES, count_bills
from simulator.engine.runners.fast import Fast
from simulator.engine.state.bills import BILLS, FOLLOW_UP, STAY
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import SUMS, Sums
from simulator.engine.state.world import World
from simulator.study.trace.onlooker import Onlooker
from tests.benefit.worlds import EVERYTHING
from tests.small import COUNTY, SCARCE, SHORT, Spec, model, world

BUSY = (
    "facilities.centre.capability=0.75",
    "baseline.plans.resident.enrolment=voluntary",
    "baseline.settlements.follows={for: all, rule: follows_patient, share: 20%}",
)


class Checked(Onlooker):
    """Counts every month's rows a second time; ``totals`` is all that was counted, over the whole run."""

    def __init__(self, engine: Fast):
        super().__init__(engine)
        self.totals: collections.Counter[tuple[str, str]] = collections.Counter()

    def receive(self, world: World, sums: Sums) -> None:
        self.rows: list[tuple[np.ndarray, np.ndarray]] = []
        before = {name: getattr(sums, name).copy() for name in SUMS}
        super().receive(world, sums)
        wanted = by_numpy(world, *(np.concatenate(kind) for kind in zip(*self.rows, strict=True)))
        for counted in COUNTED:
            found = getattr(sums, counted.name) - before[counted.name]
            for name in counted.names:
                column = slice(None) if name == "others" else counted[name]
                assert (found[..., column] == wanted[counted.name][..., column]).all(), (counted.name, name)
                self.totals[counted.name, name] += int(found[..., column].sum())

    def look(self, world: World, bills: np.ndarray, episodes: np.ndarray) -> None:
        self.rows.append((bills.copy(), episodes.copy()))


@pytest.fixture(scope="module", params=[(*SCARCE, *BUSY), EVERYTHING], ids=["crowded", "everything"])
def totals(request: pytest.FixtureRequest) -> collections.Counter[tuple[str, str]]:
    """What a run comes to whose every declaration is read twice, and was the same."""
    system = model(Spec((SHORT, COUNTY, *request.param), families=300, months=3))
    assert isinstance(system.engine, Fast)
    engine = system.engine = Checked(system.engine)
    system.run()
    return engine.totals


def test_much_of_what_is_declared_happens(totals: collections.Counter):
    assert sum(value != 0 for value in totals.values()) > 50


def test_what_is_counted_twice_is_the_same(totals: collections.Counter):
    """By facility and by home, by plan, age and income: the same people, the same money."""
    events, plans, ages, incomes, homes, books = (
        {name: value for (table, name), value in totals.items() if table == wanted}
        for wanted in ("events", "plans", "ages", "incomes", "homes", "counts")
    )
    seen = {events["first_contacts"], events["home_sought"], events["rated"]}
    assert len(seen | {plans["sought"], plans["rated"], ages["seen"]}) == 1
    assert events["home_primary"] == plans["sought_primary"] == ages["seen_primary"] < plans["sought"]
    assert events["rating"] == plans["rating"] > 0
    assert events["went_up"] == events["received_up"] == plans["own_up"] > 0
    assert events["went_up"] <= events["sent_up"] + events["asked_up"]
    assert 0 < events["needless_up"] == plans["needless_up"] < events["went_up"]
    assert 0 < events["appropriate"] == plans["appropriate_up"] < plans["sought_primary"]
    assert plans["visits"] == incomes["visits"] == sum(events[each] for each in VISITS)
    assert plans["admitted"] == events["admissions"] >= events["real_admissions"] == ages["admitted"] > 0
    assert books["cases"] == plans["visits"] + plans["admitted"] + plans["own_moved"]
    assert plans["own_fit"] == events["fit"] >= events["offered"] >= events["accepted"] >= events["consented"]
    assert events["consented"] >= events["moved"] == events["taken_over"] == plans["own_moved"]
    assert events["bed_days"] == books["days"] - books["idle"] > 0
    assert plans["fund"] == homes["all"] > homes["elsewhere"] > 0
    assert books["drugs"] + books["tests"] + books["labour"] == books["covered"] + books["outside"]


def test_a_part_is_less_than_its_whole(totals: collections.Counter):
    for table, part, whole in PARTS:
        assert 0 < totals[table, part] < totals[table, whole], (table, part)


VISITS = ("first_contacts", "follow_ups", "received_up")
PARTS = [
    ("plans", "area_visits", "visits"), ("plans", "area_admitted", "admitted"), ("plans", "area_fund", "fund"),
    ("plans", "satisfied", "rated"), ("plans", "serious_seen", "sought"), ("plans", "bed_forgone", "bed_needed"),
    ("events", "well", "ill"), ("events", "serious", "ill"), ("events", "untreated", "serious"),
    ("events", "cured", "first_contacts"), ("homes", "elsewhere", "all"),
]  # fmt: skip


def by_numpy(world: World, bills: np.ndarray, episodes: np.ndarray) -> dict[str, np.ndarray]:
    """All sums, read off the declarations; slow."""
    force = in_force(world)
    tables = {"bills": bills, "episodes": episodes}
    given = tables | {
        "families": world.families, "persons": world.persons, "facilities": world.facilities, "tables": TABLES,
        "first_cell": force.first_cell, "cells": force.cells, "holders": force.cells.holders,
        "groups": force.groups, "par": force.par,
    }  # fmt: skip
    found = vars(Sums(world))
    for sums in COUNTED:
        for count in sums.counts:
            if count.table:
                add(found[sums.name], count, sums[count.name], len(tables[count.table]), given)
    return found


def add(sums: np.ndarray, count: Count, number: int, rows: int, given: dict[str, Any]) -> None:
    """Add one count, column ``number`` of its sums, or all columns where a row has a value for each."""

    def column(each: Word) -> np.ndarray:
        return np.broadcast_to(each.values(given), rows)

    place = [column(each) for each in count.places]
    when = (np.ones(rows, bool) if count.when is None else column(count.when).astype(bool)) & (place[0] >= 0)
    adds = word(count.adds).values(given)
    if np.ndim(adds) == 2:
        np.add.at(sums, tuple(each[when] for each in place), adds[when])
    else:
        np.add.at(sums, (*(each[when] for each in place), number), np.broadcast_to(adds, rows)[when].astype(np.int64))


NAMES = Columns(
    "names", Column("place", "i8", "row", "where"), Column("kind", "i8", "code", "what", codes=("good", "bad"))
)
row = Rows("n", "names")


def written(*counts: Count, somewhere: bool = True) -> str:
    return pass_over("p", "names", [Counts("found", "place", *counts, somewhere=somewhere)], {"names": NAMES}, {})[0]


def test_a_condition_is_asked_once_for_all_that_counts_under_it():
    bad = row.kind == "bad"
    lines = written(
        Count("all", "", row.place), Count("bad", "", row.place, when=bad), Count("worst", "", row.place, 7, bad)
    )
    assert lines.count("n_kind == 1") == 1
    assert lines.count("found_0 = found[n_place]") == 1
    assert [line.strip() for line in lines.splitlines()][-4:] == [
        "found_0[0] += 1", "if (n_kind == 1):", "found_0[1] += 1", "found_0[2] += 7",
    ]  # fmt: skip


def test_nowhere_is_no_place():
    assert "if (n_place >= 0):" in written(Count("here", "", row.place), somewhere=False)
    assert "if (n_place >= 0):" not in written(Count("here", "", row.place))


@pytest.mark.parametrize(
    ("count", "error", "message"),
    [
        (Count("x", "", row.plaice), AttributeError, "names have no column `plaice`; did you mean `place`?"),
        (Count("x", "", row.place, when=row.kind == "god"), ValueError, "is never `god`; did you mean `good`?"),
        (Count("x", "", row.place, when=row.place == "good"), ValueError, "`place` of names is never `good`"),
        (Count("x", "", row.place, when=(row.place + 1) == "good"), TypeError, "no column of codes"),
        (Count("x", "", row.place, Rows("b", "bills").charge), ValueError, "rows of bills and names"),
    ],
)
def test_mistakes_of_a_declaration_are_told_at_import(count: Count, error: type[Exception], message: str):
    with pytest.raises(error, match=re.escape(message)):
        written(count)


def test_conditions_are_joined_by_an_ampersand():
    with pytest.raises(TypeError, match="write `&`"):
        bool((row.place > 0) and (row.kind > 0))


def test_sums_are_read_by_name():
    sums = EVENTS.sized(2)
    sums[1, EVENTS["admissions"]] = 3
    assert EVENTS.of(sums, "admissions").tolist() == [0, 3]
    with pytest.raises(KeyError, match="`admission` is counted by facility; did you mean `admissions`"):
        EVENTS.of(sums, "admission")
    with pytest.raises(ValueError, match="something twice"):
        Counts("x", "x", Count("a", ""), Count("a", ""))


def test_three_bills_by_hand():
    """A follow-up of 100 yuan, 80 covered, of which the fund pays 50 and another payer 12; and two stays whose charge
    lies 30 yuan above the threshold of their weight, one of somebody whom no fund pays for: no case for thresholds."""
    w = world(Spec((SHORT, COUNTY), families=5))
    hospital = int(np.flatnonzero(w.facilities["tier"] == SECONDARY)[0])
    w.facilities["outlier_high"] = 10_000.0
    bills = BILLS.rows(3)
    bills["facility"] = hospital
    follow_up, alone, insured = bills
    follow_up.purpose, follow_up.insured, follow_up.local = FOLLOW_UP, 1, 1
    follow_up.charge, follow_up.drugs, follow_up.tests, follow_up.outside = 10_000, 6_000, 1_000, 2_000
    follow_up.own, follow_up.fund, follow_up.cash, follow_up.others[1] = 3_000, 5_000, 3_800, 1_200
    for stay in (alone, insured):
        stay.care, stay.purpose, stay.charge, stay.days, stay.idle = INPATIENT, STAY, 13_000, 6, 1
        stay.weight, stay.coded = 1_000, 1_500
    insured.insured = 1
    sums = Sums(w)
    count_bills(bills, 0, 3, w.families, w.persons, in_force(w), sums.arrays)
    visits, stays = (
        dict(zip(BOOKS.names, sums.counts[w.cells["care"] == care].sum(axis=0).tolist(), strict=True))
        for care in (OUTPATIENT, INPATIENT)
    )
    money = {"drugs": 6_000, "tests": 1_000, "labour": 3_000, "covered": 8_000, "self": 3_000, "outside": 2_000}
    assert {name: value for name, value in visits.items() if value} == {"cases": 1, **money}
    assert {name: value for name, value in stays.items() if value} == {
        "cases": 2, "days": 12, "labour": 26_000, "covered": 26_000, "weight": 2_000, "coded": 1_500, "above": 3_000,
        "above_cases": 1, "uninsured": 1, "uninsured_days": 6, "idle": 2,
    }  # fmt: skip
    events = dict(zip(EVENTS.names, sums.events[hospital].tolist(), strict=True))
    assert {name: value for name, value in events.items() if value} == {
        "follow_ups": 1, "admissions": 2, "bed_days": 10,
    }  # fmt: skip
    assert sums.extras[hospital, 0, OUTPATIENT].tolist() == [0, 1_200, 0, 0, 0, 0]
    plans = dict(zip(PLANS.names, sums.plans[0].tolist(), strict=True))
    assert {name: value for name, value in plans.items() if value} == {
        "visits": 1, "area_visits": 1, "admitted": 2, "fund": 5_000, "area_fund": 5_000,
    }  # fmt: skip
    assert HOMES.of(sums.homes, "all").sum() == INCOMES.of(sums.incomes, "paid").sum() + 1_200 == 5_000
