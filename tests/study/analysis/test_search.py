"""Searches over policies of which the best are known, run as tasks like any study's."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.errors import UserError
from simulator.study.analysis.front import chances, not_dominated, table
from simulator.study.analysis.search import search
from simulator.study.analysis.specification import specify
from simulator.study.sweep.read import read_study

STUDY = """
format: 1
title: {{en: A study, zh: 研究}}
question: What is best?
scenario: base
levers:
  x: {{sets: facilities.tertiary.wait, values: [40 minutes, 45 minutes, 50 minutes, 55 minutes]}}
  y: {{sets: facilities.secondary.wait, values: [10 minutes, 20 minutes, 30 minutes]}}
{levers}
uncertainties:
  u: {{sets: facilities.centre.travel_urban, values: [10 minutes, 20 minutes, 30 minutes]}}
outcomes:
  visits: {{indicator: visits_per_person, better: more}}
  charge: {{indicator: charge_per_visit, better: less}}
  fund: {{indicator: fund_surplus_rate, over: all_years}}
design: {{kind: random, points: 9, replications: {replications}, levers: sampled}}
"""
MODEL = "levered_model.Levered"


@pytest.fixture
def study(tmp_path: Path, english: None):
    def make(levers: str = "", replications: int = 3):
        file = tmp_path / "study.yaml"
        file.write_text(STUDY.format(levers=levers, replications=replications), encoding="utf-8")
        return read_study(file, tried=False)

    return make


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TIERCARE_RAN", str(tmp_path / "ran"))
    return lambda: (tmp_path / "ran").read_text().splitlines() if (tmp_path / "ran").exists() else []


def test_who_is_not_dominated():
    values = np.array([[1.0, 5.0], [2.0, 4.0], [1.0, 4.0], [2.0, 4.0], [0.0, 9.0]])
    assert not_dominated(values, [1, 1]).tolist() == [True, True, False, True, True]
    assert not_dominated(values, [1, -1]).tolist() == [False, True, False, True, False]


def test_the_chance_of_being_on_the_front_by_hand():
    """With two replications the means of a bootstrap sample are those of 1-1, 1-2, 2-1 and 2-2."""
    first, second = [[2.0], [0.0]], [[1.0], [0.5]]
    values = np.array([first, second])  # the first wins in replication 1 and on average, the second in replication 2
    found = chances(values, [1], seed=1, samples=4000)
    assert found == pytest.approx([0.75, 0.25], abs=0.03)
    shared = values + np.array([[[100.0], [-100.0]]])  # what moves both alike decides nothing
    assert chances(shared, [1], seed=1, samples=4000) == pytest.approx(found)
    assert np.isnan(chances(values[:, :1], [1], seed=1)).all()


@pytest.mark.long
def test_the_front_is_the_known_one_and_nothing_is_run_twice(study, tmp_path, ran):
    wanted = specify(study())
    found = table(wanted, search(wanted, tmp_path / "out", 40, 2, model=MODEL))
    assert len(found) == 12  # every policy once, however often it was proposed
    front = found[found["front"]]
    assert sorted(front["x"]) == ["40 minutes", "45 minutes", "50 minutes", "55 minutes"]
    assert set(front["y"]) == {"10 minutes"}
    assert (front["chance"] == 1).all()
    assert (found[~found["front"]]["chance"] == 0).all()
    assert (found["visits_low"] < found["visits"]).all()
    assert len(ran()) == len(set(ran())) == 12 * 3
    again = table(wanted, search(wanted, tmp_path / "out", 40, 2, model=MODEL))
    assert again.equals(found)
    assert len(ran()) == 36


@pytest.mark.long
def test_a_search_that_was_stopped_goes_on_as_if_it_had_not_been(study, tmp_path, ran):
    wanted = specify(study("  z: {sets: facilities.centre.wait, between: [10 minutes, 40 minutes]}", 2))
    whole = search(wanted, tmp_path / "whole", 32, 2, model=MODEL)
    count = len(ran())

    def stop(done: int, front: int, failed: int) -> None:
        if done == 24:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(wanted, tmp_path / "out", 32, 2, stop, MODEL)
    journal = tmp_path / "out" / "trials.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-9]) + lines[-9][:10])  # killed while it wrote, some trials before
    gone_on = search(wanted, tmp_path / "out", 32, 2, model=MODEL)
    assert [each.policy for each in gone_on] == [each.policy for each in whole]
    assert all((a.values == b.values).all() for a, b in zip(gone_on, whole, strict=True))
    assert len(ran()) == 2 * count


@pytest.mark.long
def test_a_balanced_fund(study, tmp_path):
    """z gives back what x costs: the fund balances as without the policy at z = z₀ + (x − x₀)/2."""
    wanted = specify(study("  z: {sets: facilities.centre.wait, between: [0 minutes, 60 minutes]}", 2), neutral="z")
    base = wanted.study.base.facilities
    found = search(wanted, tmp_path / "out", 8, 2, model=MODEL)
    assert wanted.objectives == ("visits", "charge")
    for trial in found:
        x, z = (float(str(trial.policy[name]).removesuffix(" minutes")) for name in ("x", "z"))
        assert z == pytest.approx(base.centre.wait + (x - base.tertiary.wait) / 2, abs=0.25)


def test_a_fund_that_cannot_be_balanced_is_told(study, tmp_path):
    wanted = specify(study("  z: {sets: facilities.centre.wait, between: [100 minutes, 110 minutes]}", 2), neutral="z")
    found = search(wanted, tmp_path / "out", 2, 2, model=MODEL)
    assert [each.values for each in found] == [None, None]
    assert found[0].why.startswith("the fund cannot be balanced with z: at its ends it is +")


@pytest.mark.parametrize(("robust", "travel"), [("mean", 20), ("worst", 30), ("tenth", 28)])
def test_robust_over_the_draws_of_the_uncertainties(study, tmp_path, robust, travel):
    wanted = specify(study(replications=1), robust=robust)
    assert sorted(wanted.worlds) == [("10 minutes",), ("20 minutes",), ("30 minutes",)]
    (trial,) = search(wanted, tmp_path / "out", 1, 1, model=MODEL)
    x, y = (float(str(trial.policy[name]).removesuffix(" minutes")) for name in ("x", "y"))
    assert 0 <= trial.values[0, 0] - (x - y - travel) <= 1  # the draw of the replication


def test_a_policy_that_fails_costs_itself_only(study, tmp_path, monkeypatch):
    monkeypatch.setenv("TIERCARE_FAILS", "55")
    wanted = specify(study(replications=1))
    found = table(wanted, search(wanted, tmp_path / "out", 24, 2, model=MODEL))
    failed = found[found["why"] != ""]
    assert set(failed["x"]) == {"55 minutes"}
    assert set(failed["why"]) == {"a run failed or has no figure"}
    assert set(found.loc[found["front"], "x"]) == {"40 minutes", "45 minutes", "50 minutes"}


def test_a_folder_of_another_search_is_refused(study, tmp_path):
    search(specify(study(replications=1)), tmp_path / "out", 1, 1, model=MODEL)
    with pytest.raises(UserError, match=r"holds a search that was asked for otherwise \(seed\)"):
        search(specify(study(replications=1), seed=2), tmp_path / "out", 1, 1, model=MODEL)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--robust", "wurst"], "there is no `wurst` here; there are mean, worst, tenth; did you mean `worst`?"),
        (["--arm", "basline"], "did you mean `baseline`?"),
        (["--neutral", "x"], "there is no `x` here"),
        (["--trials", "0"], "trials"),
    ],
)
def test_the_command_refuses(study, tmp_path, words, sentence):
    study()
    done = CliRunner().invoke(app, ["search", str(tmp_path / "study.yaml"), *words, "--lang", "en"])
    assert done.exit_code == 2
    assert sentence in done.output


def test_a_study_that_does_not_say_what_is_better_is_refused(study, tmp_path):
    file = study().file
    text = file.read_text(encoding="utf-8").replace(", better: more", "").replace(", better: less", "")
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["search", str(file), "--lang", "en"])
    assert done.exit_code == 2
    assert "nothing says what is good: write `better: more`" in done.output
