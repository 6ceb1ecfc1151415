"""The runner of the register: what is compared, what is kept when it is stopped, and the table."""

import csv
import math
from functools import cache
from pathlib import Path

import pytest

from simulator.model import HealthSystem
from simulator.study import kept as runner
from simulator.study.kept import Arm
from simulator.study.paired import Paired
from simulator.study.summary import last_months, over_period
from simulator.systems.register import Mechanism, chosen, read_register
from simulator.systems.run import COLUMNS, Found, Outcome, SystemsInterrupted, run_systems, write_table
from simulator.systems.scenarios import MECHANISM, WHOLE, Comparison, trial

ROW = """
ORG4_short:
  title: {en: Short, zh: 短}
  file: forms/telemedicine_network
  arm: network
  measured: 2 months
  mechanisms:
    PAID:
      carried_by: settlements.readings
      off: {settlements: {readings: remove}}
      measure: {indicator: primary_share_of_visits}
      direction: rises
      minimum: 0.1 pp
    NEAR:
      carried_by: facilities.tertiary.travel_rural
      off_in_place: {facilities: {tertiary: {travel_rural: 20 minutes}}}
      measure: {indicator: charge_per_visit, tier: tertiary}
      direction: falls
      minimum: 1 yuan
    LATER: {absent: {en: It waits, zh: 等待实现}}
OTHER:
  title: {en: Told, zh: 说明}
  absent: {en: It is a summary, zh: 工作总结}
"""


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    file = tmp_path_factory.mktemp("register") / "systems.yaml"
    file.write_text(ROW, encoding="utf-8")
    return list(read_register(file).values())


@pytest.fixture(scope="module")
def done(rows, tmp_path_factory) -> tuple[list[Outcome], Path]:
    folder = tmp_path_factory.mktemp("results")
    return run_systems(rows, folder, families=20, replications=2, seed=7, threads=1), folder


@pytest.fixture(scope="module")
def alone(rows):
    """The figures of an arm run by itself from the start, read from the results as everybody reads them."""
    made = trial(rows[0], 20)

    @cache
    def figures(side: Arm, replication: int) -> dict:
        run = HealthSystem(made.scenarios[side.scenario], side.name, seed=7, replication=replication).run()
        monthly = run.frames()["monthly"].assign(arm=side.name, replication=replication)
        values = over_period(monthly, *last_months(monthly, 2))
        return values.set_index(["indicator", "tier", "plan", "part", "alliance"])["value"].to_dict()

    return figures


def test_a_mechanism_is_the_programme_with_it_against_the_same_people_without_it(rows, done, alone):
    made, (outcomes, _) = trial(rows[0], 20), done
    assert made.arms == (("baseline", "network", "network without PAID"), ("network",))
    kinds = [(each.kind, each.code, each.on, each.off) for each in made.comparisons]
    assert kinds == [
        (WHOLE, "", Arm(0, "network"), Arm(0, "baseline")),
        (MECHANISM, "PAID", Arm(0, "network"), Arm(0, "network without PAID")),
        (MECHANISM, "NEAR", Arm(0, "network"), Arm(1, "network")),
    ]
    for found, comparison in zip(outcomes[0].found, made.comparisons, strict=True):
        on, off = (
            [alone(side, replication)[comparison.series] for replication in (0, 1)]
            for side in (comparison.on, comparison.off)
        )
        assert found.difference.with_it == pytest.approx(sum(on) / 2, rel=1e-9)
        assert found.difference.without == pytest.approx(sum(off) / 2, rel=1e-9)
        assert found.difference.difference == pytest.approx(sum(on) / 2 - sum(off) / 2, rel=1e-6, abs=1e-12)
    assert outcomes[1] == Outcome(rows[1])


def test_what_is_kept_is_not_run_again(rows, done, monkeypatch):
    outcomes, folder = done
    monkeypatch.setattr(runner, "live", lambda *_: pytest.fail("run again"))
    assert run_systems(rows, folder, families=20, replications=2, seed=7, threads=1) == outcomes
    with pytest.raises(pytest.fail.Exception):
        run_systems(rows, folder, families=20, replications=2, seed=8, threads=1)


def test_who_is_stopped_keeps_whole_rows_alone(rows, tmp_path, monkeypatch):
    def stop(task, jobs, tell):
        task.run(jobs[0], tell)
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run_here", stop)
    with pytest.raises(SystemsInterrupted) as stopped:
        run_systems(rows, tmp_path, families=10, replications=2, threads=1)
    assert [each.system.id for each in stopped.value.outcomes] == ["OTHER"]
    assert len(list((tmp_path / "parts").iterdir())) == 1


@pytest.mark.parametrize(
    ("low", "high", "rises", "falls"),
    [(0.02, 0.18, "yes", "opposite"), (0.005, 0.195, "no", "no"), (-0.2, -0.02, "opposite", "yes")],
)
def test_shown_is_about_the_whole_interval(low, high, rises, falls):
    comparison = Comparison(MECHANISM, "A", ("managed_share", "", "", "", ""), Arm(0, "a"), Arm(0, "b"))
    found = Found(comparison, Paired(0.4, 0.5, (low + high) / 2, low, high))
    said = {"carried_by": "x", "off_arm": "b", "measure": {"indicator": "managed_share"}, "minimum": "1 pp"}
    for direction, expected in (("rises", rises), ("falls", falls)):
        assert found.shown(Mechanism.model_validate({**said, "direction": direction})) == expected


def test_the_table_keeps_other_rows_and_leaves_cells_empty_where_there_is_no_figure(done, tmp_path):
    outcomes, _ = done
    system = chosen(["S02"])[0]
    claim = Comparison("claim", "3", ("budget_surplus_rate", "", "", "", ""), Arm(0, "a"), Arm(0, "baseline"))
    none = Paired(math.nan, 0.1, math.nan, math.nan, math.nan)
    write_table([Outcome(system, (Found(claim, none),), 20, 2)], tmp_path)
    file = write_table(outcomes, tmp_path)
    with file.open(encoding="utf-8", newline="") as text:
        lines = list(csv.DictReader(text))
    assert list(lines[0]) == [*COLUMNS]
    assert [(line["system"], line["kind"], line["code"]) for line in lines] == [
        ("ORG4_short", "whole", ""),
        ("ORG4_short", "mechanism", "PAID"),
        ("ORG4_short", "mechanism", "NEAR"),
        ("S02_zhejiang_county_community", "claim", "3"),
    ]
    assert [lines[3][name] for name in ("with", "without", "difference", "shown")] == ["0.1", "", "", ""]
