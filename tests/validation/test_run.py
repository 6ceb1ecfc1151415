"""What is run: figures by hand against the results as everybody reads them, what is kept, and the tables."""

import csv
import math
from pathlib import Path

import pytest

from simulator.model import HealthSystem
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.study import kept as runner
from simulator.study.ensemble import leaves
from simulator.study.intervals import interval
from simulator.study.kept import Arm, keeping, run_kept
from simulator.study.manifest import scenario_of
from simulator.study.summary import last_months, over_period
from simulator.validation import run as validation
from simulator.validation.asked import Asked, How, Size
from simulator.validation.claims import Answer, claims_told, claims_tried, scenarios_with_claims
from simulator.validation.history import changed, reading, told, tried
from simulator.validation.levels import Level, targets
from simulator.validation.register import Reading, read_register, register
from simulator.validation.run import Validation, ValidationInterrupted, validate
from simulator.validation.tables import CLAIMS, HISTORY, LEVELS, write_tables

ENTRY = """
drg_city_rdd:
  title: {en: Short, zh: 短}
  scenario: payment_designs
  arm: by_service
  predictions:
    charge: {measure: {indicator: charge_per_admission}, kind: size, figure: total_cost, interval: ci_c}
    drugs:
      measure: {indicator: charge_per_admission, times: {indicator: drug_share, part: inpatient}, rest: true}
      kind: sign
      direction: rises
      change: absolute
      first: 2024-03
      last: 2024-05
    own: {measure: {indicator: out_of_pocket_share, total: true}, kind: sign, direction: rises}
"""
FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    file = tmp_path_factory.mktemp("register") / "history.yaml"
    file.write_text(ENTRY, encoding="utf-8")
    return read_register(file)["drg_city_rdd"]


@pytest.fixture(scope="module")
def trial(experiment):
    """The experiment with little before it and after."""
    made = tried(experiment, 30)
    time = made.scenarios[0].time.model_copy(update={"warm_up": 1, "end": "2024-06"})
    scenario = made.scenarios[0].model_copy(update={"time": time})
    return type(made)(made.name, (scenario,), made.arms, made.comparisons)


@pytest.fixture(scope="module")
def done(trial, tmp_path_factory):
    task = keeping([trial], tmp_path_factory.mktemp("results"), 7)
    run_kept(task, 2, threads=1)
    return task


def test_figures_are_those_of_the_results(trial, done, experiment):
    """Both arms run from the start by themselves, and read as a summary reads them."""
    for replication in (0, 1):
        by_arm = {}
        for arm in ("baseline", "by_service"):
            run = HealthSystem(trial.scenarios[0], arm, seed=7, replication=replication).run()
            by_arm[arm] = run.frames()["monthly"].assign(arm=arm, replication=replication)

        def value(arm: str, months: tuple[str, str], *series: str, column: str = "value", of: dict = by_arm) -> float:
            values = over_period(of[arm], *months, sums=True)
            found = values.set_index(["indicator", "tier", "plan", "part", "alliance"])[column].to_dict()
            return found[(*series, *[""] * (5 - len(series)))]

        last, spring = last_months(by_arm["baseline"]), ("2024-03", "2024-05")
        for number, expected in enumerate(
            [
                [value(arm, last, "charge_per_admission") for arm in by_arm],
                [
                    value(arm, spring, "charge_per_admission")
                    * (1 - value(arm, spring, "drug_share", "", "", "inpatient"))
                    for arm in by_arm
                ],
                [value(arm, last, "out_of_pocket_share", column="numerator") for arm in by_arm],
            ]
        ):
            assert done.kept(trial.name, replication)[number] == pytest.approx(expected, rel=1e-9)
    told_now = told(experiment, done, 2, interval)
    pairs = [tuple(done.kept(trial.name, replication)[0]) for replication in (0, 1)]
    assert told_now[0].found == interval([after / before - 1 for before, after in pairs])
    assert told(experiment, done, 3, interval) == []


def test_what_is_kept_is_not_run_again(trial, done, monkeypatch):
    monkeypatch.setattr(runner, "live", lambda *_: pytest.fail("run again"))
    run_kept(done, 2, threads=1)
    with pytest.raises(pytest.fail.Exception):
        run_kept(done, 3, threads=1)
    other = keeping([trial], done.parts.parent, 8)
    assert other.kept(trial.name, 0) is None


def test_a_set_of_parameters_is_laid_over_its_replication(trial, tmp_path):
    """Replication 1 has the second of two sets: what it gives is what the scenario with that change gives."""
    sets = (("behaviour.parameters.go_price=0.5",), ("behaviour.parameters.go=-3",))
    task = keeping([trial], tmp_path, 7, sets)
    run_kept(task, 2, threads=1)
    manifest = {"scenario": {"name": "x", "resolved": trial.scenarios[0].resolved()}}
    changed_by_hand = type(trial)(trial.name, (scenario_of(manifest, sets[1]),), trial.arms, trial.comparisons)
    by_hand = keeping([changed_by_hand], tmp_path / "by_hand", 7)
    run_kept(by_hand, 2, threads=1)
    assert task.kept(trial.name, 1) == by_hand.kept(trial.name, 1)
    assert task.kept(trial.name, 0) != by_hand.kept(trial.name, 0)


def test_a_set_says_nothing_where_a_scenario_has_a_value_of_its_own():
    price = "facilities.centre.outpatient_price"
    base, other = (load(scenarios_folder() / f"{name}.yaml") for name in ("base", "prefecture_2017"))
    assert leaves(base, price)
    assert not leaves(other, price)
    assert leaves(other, "behaviour.parameters.go")
    own = load(scenarios_folder() / "base.yaml", ("behaviour.parameters.go=-1",))
    assert not leaves(own, "behaviour.parameters.go")


def test_changes_are_of_pairs_that_are_known():
    pairs = [(2.0, 3.0), (4.0, 5.0), (math.nan, 1.0)]
    assert changed(pairs, "relative", interval)[0] == pytest.approx((0.5 + 0.25) / 2)
    assert changed(pairs, "absolute", interval) == (1.0, 1.0, 1.0)
    assert all(math.isnan(value) for value in changed([(math.nan, 1.0)], "absolute", interval))


def test_a_figure_of_nothing_is_none(trial):
    run = HealthSystem(trial.scenarios[0], "baseline", seed=7).run()
    monthly = run.frames()["monthly"]
    assert math.isnan(reading(Reading(indicator="outreach_hours"), monthly, last_months(monthly)))


def test_claims_are_held_against_the_arm_and_the_baseline(tmp_path):
    made = claims_tried(
        "programmes/shared_savings", 20, ("time.warm_up=1 months", "time.start=2023-12", "time.end=2024-02")
    )
    task = keeping([made], tmp_path, 3)
    run_kept(task, 2, threads=1)
    (answer,) = claims_told(made, task, 2, interval)
    pairs = [tuple(task.kept(made.name, replication)[0]) for replication in (0, 1)]
    assert answer.found[0] == pytest.approx(sum(after / before - 1 for before, after in pairs) / 2)
    assert answer.ends == (-0.05, -0.05)
    assert answer.verdict in ("weaker", "stronger", "opposite", "consistent")


def test_every_scenario_with_claims_is_found():
    assert "programmes/zhejiang_county_community" in scenarios_with_claims()
    assert len(scenarios_with_claims()) >= 14


def test_levels_are_inside_within_their_tolerance():
    target = targets().targets["visits"]
    assert Level("visits", target, (target.level + target.tolerance, 0.0, 9.0)).inside
    assert not Level("visits", target, (target.level - 1.01 * target.tolerance, 0.0, 9.0)).inside


def test_who_is_stopped_keeps_what_was_finished(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(validation, "run_kept", stop)
    with pytest.raises(ValidationInterrupted) as stopped:
        validate(Asked(history=False, claims=False, channels=False), tmp_path, Size(20, 2), How(1))
    assert stopped.value.validation.levels == ()


def test_tables_have_their_columns_and_empty_cells(tmp_path):
    entry = register()["drg_city_rdd"]
    told_of = [
        validation.Told(entry, name, each, (-0.14, -0.2, -0.08), 50, 2) for name, each in entry.predictions.items()
    ]
    claim = claims_tried("programmes/shared_savings", 20).claims[0]
    level = Level("visits", targets().targets["visits"], (6.9, 6.8, 7.0))
    answer = Answer("programmes/shared_savings", claim, (0.01, -0.02, 0.04))
    found = Validation((level,), tuple(told_of), (answer,), (), Size(50, 2))
    write_tables(found, tmp_path, "tiercare validate")
    rows = {}
    for name, columns in (("levels", LEVELS), ("history", HISTORY), ("claims", CLAIMS)):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as text:
            rows[name] = list(csv.DictReader(text))
        assert tuple(rows[name][0]) == columns
    charge = next(row for row in rows["history"] if row["measure"] == "charge")
    assert [charge[key] for key in ("published", "published_low", "simulated", "sign_agrees", "inside", "overlap")] == [
        "-0.13", "-0.26", "-0.14", "yes", "yes", "yes",
    ]  # fmt: skip
    assert charge["used_before"] == "no"
    assert rows["levels"][0]["inside"] == "yes"
    assert (rows["claims"][0]["verdict"], rows["claims"][0]["claimed"]) == ("weaker", "-0.05")
    assert not (tmp_path / "conditions.csv").exists()


def test_arms_of_a_trial_are_named_once(trial):
    assert trial.arms == (("baseline", "by_service"),)
    assert trial.comparisons[0].on == Arm(0, "by_service")
