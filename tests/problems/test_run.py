"""The runner of the problem book: pairs, gauges, tables, what is kept when it is stopped."""

import csv
import math
from dataclasses import astuple

import pytest

from simulator.engine.month import run_month
from simulator.model import HealthSystem
from simulator.problems import run as runner
from simulator.problems.book import read_problem
from simulator.problems.run import COLUMNS, BookInterrupted, beyond, gone, run_problems, shares_of, write_tables
from simulator.problems.scenarios import places
from simulator.problems.trials import Gauge, Task
from simulator.report.problem_book import Line, in_sets
from simulator.study.intervals import spread
from simulator.study.paired import Paired, paired
from simulator.study.summary import over_period
from tests.small import Spec, model

COUNTY = "{form: county, townships: 2, villages: 2, tertiary_outside: 1}"
RUN = f"""
id: P98_paid_to_manage
title: {{en: Paid to manage, zh: 管理有偿}}
description: {{en: Assessed, zh: 考核}}
kind: behavioural
scenario: base
changes:
  network: {COUNTY}
  baseline:
    settlements: {{health: {{for: {{tiers: primary}}, rule: public_health, per_head: 89 yuan/year}}}}
cure:
  settlements: {{health: {{assessed: 30%, scaled_by: {{managed_share: {{weight: 100%, none_at: 30%, full_at: 70%}}}}}}}}
measure: {{indicator: managed_share}}
direction: rises
minimum: 1 pp
vanishes_with: incentives
warm_up: 1 months
months: 3 months
measured: 2 months
"""
TOLD = """
id: P99_waits
title: {en: Waits, zh: 等待}
description: {en: It waits, zh: 等待实现}
kind: waiting
reason: {en: Later, zh: 以后}
"""
SIGNALLED = (
    RUN.replace("P98_paid_to_manage", "P97_signal").replace("kind: behavioural", "kind: mechanical")
    + """
signal: {benefit: {resident: {outpatient: {primary: {fund_pays: 60%}}}}}
cure_in_place: {facilities: {centre: {capability: 0.7}}}
"""
).replace("vanishes_with: incentives\n", "")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("problems")
    found = {}
    for name, text in (("P97_signal", SIGNALLED), ("P98_paid_to_manage", RUN), ("P99_waits", TOLD)):
        file = folder / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        found[name[:3]] = read_problem(file)
    return found


def alone(place, arm: str, replication: int, series, months: int) -> float:
    """The figure of an arm run by itself from the start, read from the results as everybody reads them."""
    done = HealthSystem(place.scenario, arm, seed=7, replication=replication).run()
    monthly = done.frames()["monthly"].assign(arm=arm, replication=replication)
    last = sorted(monthly["month"].unique())[-months:]
    values = over_period(monthly, last[0], last[-1]).set_index(["indicator", "tier", "plan", "part", "alliance"])
    return float(values["value"].to_dict()[series])


def test_a_pair_is_two_runs_of_the_same_people(book):
    problem = book["P98"]
    outcomes = run_problems([problem, book["P99"]], families=40, replications=2, seed=7, threads=1)
    place = places(problem, 40)[0]
    pairs = [
        tuple(alone(place, arm, replication, problem.measure.series, 2) for arm in place.arms) for replication in (0, 1)
    ]
    assert astuple(outcomes[0].found) == pytest.approx(astuple(paired(pairs)), rel=1e-9)
    assert outcomes[0].found.difference > 0
    assert (outcomes[1].found, outcomes[1].shown) == (None, None)


def test_a_signal_is_compared_by_its_effect_and_the_place_may_differ(book):
    problem = book["P97"]
    without, cured = places(problem, 40)
    assert [place.arms for place in (without, cured)] == [("baseline", "without_signal"), ("with", "with_signal")]
    effects = []
    for place in (without, cured):
        figures = [alone(place, arm, 0, problem.measure.series, 2) for arm in place.arms]
        effects.append(figures[1] - figures[0])
    trial = runner.trial(problem, 40)
    figures = list(Task({trial.name: trial}, 7, None)._figures(trial, runner.Job(0, (trial.name,)), lambda *_: None))
    assert runner._pair(figures, trial) == pytest.approx(tuple(effects), abs=1e-12)


@pytest.mark.parametrize(
    "series",
    [
        ("charge_per_visit", "hospital", "", "", ""),
        ("reserve_months", "", "resident", "", ""),
        ("ruin_probability", "", "employee", "", ""),
        ("control_share", "", "", "hypertension", ""),
    ],
)
def test_a_gauge_reads_what_the_results_say(series):
    spec = Spec(months=3)
    running = model(spec)
    gauge = Gauge(series, running.burn_in + 1)
    while running.steps_done < running.burn_in + 3:
        run_month(running.world, running.engine, lambda w: (running.observer.watch(w), gauge.watch(w)))
    monthly = running.frames()["monthly"].assign(arm="baseline", replication=0)
    first, last = sorted(monthly["month"].unique())[1:]
    values = over_period(monthly, first, last).set_index(["indicator", "tier", "plan", "part", "alliance"])
    assert gauge.value() == pytest.approx(float(values["value"].to_dict()[series]), rel=1e-12)


def test_a_gauge_of_nothing_has_no_figure():
    assert math.isnan(Gauge(("outreach_hours", "", "", "", ""), 0).value())


@pytest.mark.parametrize(
    ("found", "shown", "vanished"),
    [
        (Paired(0.4, 0.5, 0.1, 0.02, 0.18), True, False),
        (Paired(0.4, 0.5, 0.1, 0.005, 0.195), False, False),
        (Paired(0.4, 0.4, 0.0, -0.005, 0.005), False, True),
        (Paired(0.5, 0.4, -0.1, -0.18, -0.02), False, True),
        (paired([(math.nan, 0.1), (0.1, math.nan)]), False, False),
    ],
)
def test_shown_and_gone_are_about_the_whole_interval(book, found, shown, vanished):
    assert (beyond(found, book["P98"]), gone(found, book["P98"])) == (shown, vanished)
    falling = book["P98"].model_copy(update={"direction": "falls"})
    turned = Paired(found.without, found.with_it, -found.difference, -found.high, -found.low)
    assert (beyond(turned, falling), gone(turned, falling)) == (shown, vanished)


def test_shares_of_parameter_sets_by_hand(book, tmp_path):
    """Three of four sets go the way of the cure, two of them beyond the smallest difference, 0.01; one is not known."""
    pairs = [(0.4, 0.5), (0.4, 0.42), (0.4, 0.405), (0.4, math.nan)]
    assert shares_of(pairs, book["P98"]) == (0.5, 0.75)
    falling = book["P98"].model_copy(update={"direction": "falls"})
    assert shares_of([(after, before) for before, after in pairs], falling) == (0.5, 0.75)
    outcome = runner.Outcome(book["P98"], paired(pairs, spread), None, 4, shares_of(pairs, book["P98"]))
    (file,) = write_tables([outcome, runner.Outcome(book["P99"])], tmp_path)
    assert file.name == "problems_ensemble.csv"
    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert (row["id"], row["appears"], row["yields"], row["sets"]) == ("P98_paid_to_manage", "0.5", "0.75", "4")
    line = Line.of(outcome)
    assert (line.sets, in_sets(line)) == ("4", "50% / 75%")


def test_each_pair_has_a_set_of_its_own(book):
    """A set under which nobody ever goes to a doctor leaves nothing to be managed; the second pair has none."""
    sets = (["behaviour.parameters.go=-60", "behaviour.parameters.go_severe=0"], [])
    (plain,) = run_problems([book["P98"]], families=60, replications=2, threads=1)
    (apart,) = run_problems([book["P98"]], families=60, replications=2, threads=1, sets=sets)
    assert plain.shares is None
    assert apart.shares is not None
    assert apart.found != plain.found
    (again,) = run_problems([book["P98"]], families=60, replications=2, threads=1, sets=([], []))
    assert again.found.difference == plain.found.difference


def test_the_table_has_exactly_its_columns_and_empty_cells_where_nothing_was_run(book, tmp_path):
    found = Paired(0.4, 0.5, 0.1, 0.02, 0.18)
    left = Paired(0.4, 0.4, 0.0, -0.001, 0.001)
    files = write_tables([runner.Outcome(book["P98"], found, left, 20), runner.Outcome(book["P99"])], tmp_path / "new")
    assert [file.name for file in files] == ["problems.csv", "carriers.csv"]
    with files[0].open(encoding="utf-8", newline="") as text:
        head, first, second = csv.reader(text)
    assert head == [*COLUMNS]
    assert ",".join(head) == ("id,kind,measure,without_cure,with_cure,difference,low,high,minimum,shown,vanishes_with")
    cells = ["0.4", "0.5", "0.1", "0.02", "0.18", "0.01", "yes", "incentives"]
    assert first == ["P98_paid_to_manage", "behavioural", "managed_share", *cells]
    assert second == ["P99_waits", "waiting", *[""] * 9]
    assert files[1].read_text(encoding="utf-8").splitlines()[1].endswith(",0,-0.001,0.001,0.01,yes,20")


def test_what_was_finished_before_ctrl_c_is_told(book, monkeypatch):
    def run(task, job, told):
        if job.arms[0].startswith("P98"):
            raise KeyboardInterrupt
        return whole(task, job, told)

    whole = Task.run
    monkeypatch.setattr(Task, "run", run)
    with pytest.raises(BookInterrupted) as stopped:
        run_problems([book["P97"], book["P98"], book["P99"]], families=30, replications=2, threads=1)
    assert [each.problem.id for each in stopped.value.outcomes] == ["P97_signal", "P99_waits"]


@pytest.mark.long
def test_processes_give_the_same_figures(book):
    asked = [book["P97"], book["P98"]]
    told = []
    apart = run_problems(asked, families=40, replications=2, threads=2, finished=told.append)
    assert apart == run_problems(asked, families=40, replications=2, threads=1)
    assert sorted(told, key=lambda each: each.problem.id) == apart
