"""Designs give the points that they are asked for, and the same ones every time."""

from itertools import pairwise
from pathlib import Path

import pytest

from simulator.core.errors import UserError
from simulator.study.sweep.designs import points_of
from simulator.study.sweep.frozen import freeze, points_in, thaw
from simulator.study.sweep.language import StopWhen, Variable
from simulator.study.sweep.read import read_study
from simulator.study.sweep.result_tables import compared_with
from simulator.study.sweep.stop import more
from simulator.study.sweep.store import Store
from simulator.study.sweep.tasks import Shard, Tasks, code
from simulator.study.sweep.values import value_at

pytestmark = pytest.mark.usefixtures("english")

STUDY = """
format: 1
title: {{en: A study, zh: 研究}}
question: Does it matter?
scenario: base
levers:
  pays: {{sets: baseline.benefit.resident.outpatient.centre.fund_pays, values: [50%, 70%]}}
uncertainties:
  wait: {{sets: facilities.tertiary.wait, between: [40 minutes, 60 minutes]}}
  skill:
    cases:
      today: {{}}
      wide: {{facilities.station.capability: 0.15, facilities.centre.capability: 0.28}}
{more}
derived:
  wait_secondary: {{sets: facilities.secondary.wait, same_as: wait, times: 0.6}}
outcomes:
  visits: {{indicator: visits_per_person}}
design: {{{design}}}
"""


@pytest.fixture
def study(tmp_path: Path):
    def make(design: str, more: str = ""):
        file = tmp_path / "study.yaml"
        file.write_text(STUDY.format(design=design, more=more), encoding="utf-8")
        return read_study(file, tried=False)

    return make


def test_a_grid_is_every_value_with_every_other(study):
    points = points_of(study("kind: grid, steps: 3"))
    assert len(points) == len(set(points.rows)) == 2 * 3 * 2
    assert points.values(0) == {"pays": "50%", "wait": "40 minutes", "skill": "today"}
    assert set(points.policy) == {0, 1}
    assert set(points.sample) == set(range(6))


def test_a_point_changes_what_it_says_and_what_follows(study):
    asked = study("kind: grid, steps: 3")
    changed = asked.scenario({"pays": "70%", "wait": "50 minutes", "skill": "wide"})
    assert changed.facilities.tertiary.wait == 50
    assert changed.facilities.secondary.wait == 30
    assert changed.facilities.centre.capability == 0.28
    assert changed.resolved()["baseline"]["benefit"]["resident"]["outpatient"]["centre"]["fund_pays"] == "70%"
    untouched = asked.scenario({"pays": None, "wait": None, "skill": None})
    assert untouched.facilities == asked.base.facilities


def test_a_latin_hypercube_has_one_draw_in_every_slice(study):
    points = points_of(study("kind: latin_hypercube, points: 10, seed: 4"))
    assert len(points) == 20  # each with both values of the lever
    waits = sorted(float(row[1].removesuffix(" minutes")) for row in points.rows if row[0] == "50%")
    assert [int((wait - 40) / 2) for wait in waits] == list(range(10))
    assert [row[1:] for row in points.rows[::2]] == [row[1:] for row in points.rows[1::2]]
    assert points_of(study("kind: latin_hypercube, points: 10, seed: 4")).rows == points.rows
    assert points_of(study("kind: latin_hypercube, points: 10, seed: 5")).rows != points.rows


@pytest.mark.parametrize(
    ("design", "draws"),
    [
        ("kind: sobol, points: 8", 8 * (2 + 2)),
        ("kind: sobol, points: 8, second_order: true", 8 * (2 * 2 + 2)),
        ("kind: morris, trajectories: 5", 5 * (2 + 1)),
        ("kind: random, points: 7", 7),
    ],
)
def test_drawn_designs_keep_each_draw_and_its_number(study, design, draws):
    points = points_of(study(design))
    assert len(points) == 2 * draws
    for policy in (0, 1):
        assert [s for p, s in zip(points.policy, points.sample, strict=True) if p == policy] == list(range(draws))


def test_levers_can_be_drawn_too(study):
    points = points_of(study("kind: random, points: 40, levers: sampled"))
    assert len(points) == 40
    assert {row[0] for row in points.rows} == {"50%", "70%"}


def test_one_at_a_time_moves_one_from_the_start(study):
    points = points_of(study("kind: one_at_a_time, compare_with: {pays: 50%, wait: 50 minutes, skill: today}"))
    start = points.rows[0]
    assert all(sum(a != b for a, b in zip(row, start, strict=True)) == 1 for row in points.rows[1:])
    assert len(points) == 1 + 1 + 2 + 1


def test_a_condition_leaves_a_value_alone_and_no_point_twice(study):
    more = "  extra: {sets: facilities.centre.wait, values: [10 minutes, 20 minutes], when: {skill: wide}}"
    points = points_of(study("kind: grid, steps: 2", more))
    assert len(points) == 2 * 2 * (1 + 2)
    assert {row[3] for row in points.rows if row[2] == "today"} == {None}


def test_points_from_a_table_and_parameters_from_another(study, tmp_path):
    (tmp_path / "points.csv").write_text("pays,wait\n50%,41 minutes\n70%,\n")
    points = points_of(study("kind: table, file: points.csv"))
    assert points.rows == [("50%", "41 minutes", None), ("70%", None, None)]
    (tmp_path / "points.csv").write_text("pays,weight\n50%,41 minutes\n")
    with pytest.raises(UserError, match="`weight` is no variable"):
        points_of(study("kind: table, file: points.csv"))
    (tmp_path / "draws.csv").write_text(
        "facilities.centre.wait,facilities.station.wait\n11 minutes,3 minutes\n12 minutes,\n"
    )
    asked = study("kind: grid, steps: 2", "  fitted: {posterior: draws.csv}")
    assert len(points_of(asked)) == 2 * 2 * 2 * 2
    first, second = (asked.scenario({"fitted": row}) for row in ("0", "1"))
    assert (first.facilities.centre.wait, first.facilities.station.wait) == (11, 3)
    assert (second.facilities.centre.wait, second.facilities.station.wait) == (12, asked.base.facilities.station.wait)


def test_each_point_is_compared_with_its_like(study):
    asked = study("kind: latin_hypercube, points: 3, compare_with: {pays: 50%}")
    tasks = Tasks(asked, points_of(asked), 1)
    assert compared_with(tasks) == {0: 0, 1: 0, 2: 2, 3: 2, 4: 4, 5: 4}


def test_what_is_frozen_names_the_same_tasks(study, tmp_path):
    """Whoever reads the folder comes to the same keys, whatever became of the files that the study named."""
    (tmp_path / "draws.csv").write_text("facilities.centre.wait\n11 minutes\n12 minutes\n")
    asked = study("kind: grid, steps: 2, replications: 2", "  fitted: {posterior: draws.csv}")
    tasks = Tasks(asked, points_of(asked), 2)
    store = Store(tmp_path / "out")
    freeze(tasks, store)
    store.write_manifest({"replications": 2, "model": None, **code()})
    (tmp_path / "draws.csv").unlink()
    thawed = thaw(tmp_path / "out")
    assert points_in(tmp_path / "out") == tasks.points
    keys = [tasks.key(*where) for where in tasks.shard()]
    assert [thawed.key(*where) for where in thawed.shard()] == keys
    assert len(set(keys)) == len(tasks)
    shards = [where for number in (1, 2, 3) for where in tasks.shard(Shard(number, 3))]
    assert sorted(shards) == sorted(tasks.shard())


def test_keys_follow_what_decides_a_result(study):
    one = study("kind: grid, steps: 2, seed: 1")
    tasks = Tasks(one, points_of(one), 2)
    assert len({tasks.key(0, 0), tasks.key(0, 1), tasks.key(1, 0)}) == 3
    other = study("kind: grid, steps: 2, seed: 2")
    assert Tasks(other, points_of(other), 2).key(0, 0) != tasks.key(0, 0)
    wider = study("kind: grid, steps: 3, seed: 1, replications: 9")
    assert Tasks(wider, points_of(wider), 9).key(0, 0) == tasks.key(0, 0)


@pytest.mark.parametrize(
    ("variable", "at", "text"),
    [
        ({"sets": "x", "between": ("+0 pp", "+40 pp")}, 0.5, "+20 pp"),
        ({"sets": "x", "between": ("2% per year", "8% per year")}, 0.25, "3.5% per year"),
        ({"sets": "x", "between": ("100 yuan", "101 yuan")}, 1 / 3, "100.33 yuan"),
        ({"sets": "x", "between": ("1", "100"), "scale": "log"}, 0.5, "10"),
        ({"sets": "x", "between": ("1", "4"), "whole": True}, 0.999, "4"),
        ({"sets": "x", "values": (True, False)}, 0.9, "false"),
    ],
)
def test_values_keep_unit_and_sign(variable, at, text):
    assert value_at(Variable(**variable), at) == text


def test_the_stop_rule_adds_a_quarter_until_it_is_narrow():
    rule = StopWhen(outcome="visits", interval_below="1 pp", at_most=10)
    wide = [{"baseline": {"visits": value}} for value in (0.1, 0.9, 0.2, 0.7)]
    assert more(rule, ("baseline",), wide) == 1
    assert more(rule, ("baseline",), wide * 2) == 2
    assert more(rule, ("baseline",), wide * 3) == 0
    assert more(rule, ("baseline",), [{"baseline": {"visits": 0.5}}] * 4) == 0
    assert more(rule, ("baseline",), [None, None, None, {"baseline": {"visits": 0.5}}]) == 1
    steps = [4]
    while added := more(rule, ("baseline",), (wide * 3)[: steps[-1]]):
        steps.append(steps[-1] + added)
    assert steps[-1] == 10
    assert all(a < b for a, b in pairwise(steps))


def test_families_asked_for_hold_against_the_changes_of_the_study(tmp_path):
    file = tmp_path / "sweep.yaml"
    said = "changes: {population: {families: 300}, time: {end: 2025-12}}\ndesign: {kind: grid}\n"
    levers = "levers: {pays: {sets: baseline.benefit.resident.outpatient.centre.fund_pays, values: [50%, 70%]}}\n"
    outcomes = "outcomes: {share: {indicator: primary_share_of_visits}}\n"
    head = "format: 1\ntitle: {en: A study, zh: 研究}\nquestion: Does it?\nscenario: base\n"
    file.write_text(head + said + levers + outcomes, encoding="utf-8")
    place = read_study(file, families=40, months=5).base
    assert (place.population.families, place.time.months) == (40, 5)
    assert read_study(file).base.population.families == 300
