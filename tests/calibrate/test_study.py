"""A calibration as a file: what is refused, what a level is, and runs that are kept."""

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from simulator.calibrate.language import Aim
from simulator.calibrate.priors import Priors
from simulator.calibrate.read import read_calibration
from simulator.calibrate.recovery import STUDY
from simulator.calibrate.runs import Batch, Runs, texts
from simulator.calibrate.targets import level_of, outcomes_wanted
from simulator.calibrate.waves import Problem
from simulator.cli import app
from simulator.core.errors import UserError
from simulator.validation.levels import targets

ROOT = Path(__file__).parents[2]
SMALL = """format: 1
title: {en: Small, zh: 小}
places: {here: {scenario: base, warm_up: 1 month}}
parameters:
  go: {between: ["-2", "0"], source: judgement}
  dear: {sets: facilities.centre.inpatient_price, between: ["2000 yuan", "4000 yuan"], shape: log, source: judgement}
targets:
  visits:
    at: here
    indicator: visits_per_person
    level: 6.8
    tolerance: 0.3
    discrepancy: 0.1
    year: 2023
    evidence: visits_per_capita
design:
  samples: 2
  screening: {families: 30, trajectories: 2, active: 0.1}
  waves: [{families: 30, points: 4}]
  ensemble: {sets: 5, checked: 2, families: 30}
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SMALL
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "calibration.yaml").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("evidence: visits_per_capita", "evidence: global_budget_rural", "a validation never"),
        ("evidence: visits_per_capita", "evidence: visits_per_capitta", "did you mean"),
        ("evidence: visits_per_capita", "evidence: finding", ""),
        ("level: 6.8", "level: 6.7", ""),
        ("  go:", "  goo:", "no behavioural parameter"),
        ("at: here", "at: hear", "no place"),
        ('["-2", "0"]', '["0", "-2"]', "0"),
        ("  dear:", "  visits:", "names of their own"),
        ("scenario: base", "scenario: bace", "bace"),
        ("facilities.centre.inpatient_price", "facilities.centre.inpatient_prise", "inpatient_price"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, before, after, said):
    folder = written(tmp_path, (before, after))
    if not said:  # may be: a finding of the base, and a level of one's own from a figure
        assert read_calibration(folder).name == tmp_path.name
        return
    done = CliRunner().invoke(app, ["calibrate", str(folder)])
    assert done.exit_code == 2
    assert said in done.output
    assert "calibration.yaml:" in done.output
    assert "Traceback" not in done.output


def test_what_is_not_installed_is_said_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("simulator.cli.calibrate.NEEDS", ("SALib", "no_such_library"))
    done = CliRunner().invoke(app, ["calibrate", str(written(tmp_path))])
    assert done.exit_code == 2
    assert "no_such_library is needed for this and not installed: pip install 'tiercare[studies]'" in done.output


def test_a_finding_is_the_scenarios_own(tmp_path):
    folder = written(tmp_path, ("evidence: visits_per_capita", "evidence: finding"), ("level: 6.8", "level: 6.7"))
    with pytest.raises(UserError, match="no finding of this level"):
        read_calibration(folder)


def test_the_study_that_is_shipped_holds_what_it_promises():
    """Priors hold the values of today; every target may be fitted to; 2017 stands beside 2023."""
    found = read_calibration(ROOT / "experiments" / "calibration")
    spec = found.specification
    for name, free in spec.parameters.items():
        now = found.now(name)
        assert now is not None, name
        assert free.ends[0] <= now <= free.ends[1], name
    assert set(spec.places) == {aim.at for aim in spec.targets.values()} == {"y2023", "y2017"}
    assert sum(aim.elasticity is not None for aim in spec.targets.values()) >= 4
    assert read_calibration(STUDY).specification.design.waves[0].points >= 40


def test_what_validate_holds_the_model_against_is_what_was_fitted():
    """The package has no experiments, so its levels stand in a file of their own: the same figures, word for word."""
    fitted = read_calibration(ROOT / "experiments" / "calibration").specification.targets
    shipped = targets().targets
    assert {name for name, aim in fitted.items() if aim.elasticity is None} >= shipped.keys()
    for name, each in shipped.items():
        assert each.model_dump() == fitted[name].model_dump(include=each.model_dump().keys()), name


def test_levels_by_hand():
    """An elasticity in a price that is known, one in what patients pay of a yuan, and a ratio to a weighted sum."""
    words = {"at": "here", "indicator": "visits_per_person", "level": 0, "tolerance": 1, "discrepancy": 0, "year": 2023}
    aim = Aim(**words, evidence="judgement", elasticity={"arm": "dearer", "price": 1.25})
    outcomes = {"baseline": {"a": 8.0}, "dearer": {"a": 6.4}}
    assert level_of("a", aim, outcomes) == pytest.approx(-1.0)
    paid, of = {"indicator": "patient_paid_per_admission"}, {"indicator": "charge_per_admission"}
    cover = Aim(**words, evidence="judgement", elasticity={"arm": "dearer", "price": paid | {"over": of}})
    assert list(outcomes_wanted({"a": cover})) == ["a", "a_price_0", "a_price_1"]
    before, after = {"a": 8.0, "a_price_0": 2.0, "a_price_1": 8.0}, {"a": 6.4, "a_price_0": 2.0, "a_price_1": 6.4}
    assert level_of("a", cover, {"baseline": before, "dearer": after}) == pytest.approx(-1.0)
    assert np.isnan(level_of("a", cover, {"baseline": before, "dearer": after | {"a_price_0": None}}))
    assert np.isnan(level_of("a", cover, {"baseline": before, "dearer": before}))
    assert np.isnan(level_of("a", aim, {"baseline": {"a": 8.0}, "dearer": {"a": None}}))
    over = [{"indicator": "visits_per_person", "weight": w} for w in (0.5, 2)]
    ratio = Aim(**words, evidence="judgement", over=over)
    assert list(outcomes_wanted({"a": ratio})) == ["a", "a_over_0", "a_over_1"]
    assert level_of("a", ratio, {"baseline": {"a": 9.0, "a_over_0": 2.0, "a_over_1": 4.0}}) == pytest.approx(1.0)


def test_runs_are_shared_out_kept_and_not_made_again(tmp_path, monkeypatch):
    calibration = read_calibration(written(tmp_path))
    priors = Priors.of(calibration.specification.parameters)
    points = np.array([[0.1, 0.5], [0.9, 0.5], [0.5, 0.0]])
    rows = texts(calibration.specification.parameters, points)
    assert rows[2] == {"go": "-1", "dear": "2000 yuan"}
    assert rows[0]["dear"] == "2828.43 yuan"
    assert priors.values(points)[0, 1] == pytest.approx(2000 * 2**0.5)
    batch, out = Batch("some", 30, 2), tmp_path / "out"
    first = Runs(calibration, out).levels(batch, points)
    assert first.shape == (3, 1)
    assert first[0, 0] < first[1, 0]  # who goes more readily goes oftener
    assert sorted(each.name for each in (out / "some").iterdir()) == ["here-0", "here-1", "levels.csv"]
    kept = list(csv.DictReader((out / "some" / "levels.csv").open()))
    assert [float(row["visits"]) for row in kept] == pytest.approx(first[:, 0].tolist(), rel=1e-5)
    monkeypatch.setattr("simulator.study.sweep.watchdog.run_watched", lambda *_: pytest.fail("run again"))
    assert (Runs(calibration, out).levels(batch, points) == first).all()


@pytest.mark.long
def test_the_command_from_the_study_to_the_page(tmp_path):
    done = CliRunner().invoke(
        app, ["calibrate", str(written(tmp_path)), "--out", str(tmp_path / "o"), "--workers", "1"]
    )
    assert done.exit_code == 0, done.output
    assert "# The ensemble" in (tmp_path / "o" / "ensemble.md").read_text()
    rows = list(csv.DictReader((tmp_path / "o" / "ensemble.csv").open()))
    assert len(rows) == 5
    assert Problem.of(read_calibration(tmp_path).specification).plan.ensemble.sets == 5
