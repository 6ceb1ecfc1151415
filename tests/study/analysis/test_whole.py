"""From a study file to indices, boxes and a front, with the real model."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from simulator.cli import app

STUDY = """
format: 1
title: {{en: A small county, zh: 小县}}
question: What matters?
scenario: base
changes:
  time: {{warm_up: 2 months}}
  network: {{form: county, townships: 1, villages: 2, tertiary_outside: 1}}
levers:
  pays:
    sets: baseline.benefit.resident.outpatient.centre.fund_pays
    {lever}
uncertainties:
  misperception: {{sets: behaviour.parameters.misperception, between: [0.02, 0.4]}}
  station: {{sets: facilities.station.capability, between: [0.1, 0.4]}}
outcomes:
  first: {{indicator: primary_share_of_visits, better: more}}
  fund: {{indicator: fund_surplus_rate, plan: resident, over: all_years, better: more}}
design: {{{design}}}
"""


def tiercare(*words: object) -> str:
    done = CliRunner().invoke(app, [*map(str, words), "--lang", "en"])
    assert done.exit_code == 0, done.output
    return done.stdout


def written(folder: Path, lever: str, design: str) -> Path:
    file = folder / "small.yaml"
    file.write_text(STUDY.format(lever=lever, design=design), encoding="utf-8")
    return file


@pytest.mark.long
def test_a_parameter_matters_and_decides_where_it_fails(tmp_path: Path) -> None:
    study = written(tmp_path, "values: [50%, 70%]", "kind: sobol, points: 8")
    tiercare("sweep", study, "--out", tmp_path / "run", "--families", 200, "--months", 3, "--quiet", "--yes")
    shown = tiercare("sensitivity", tmp_path / "run", "--outcome", "first")
    assert "misperception" in shown
    table = pd.read_csv(tmp_path / "run" / "sensitivity" / "sensitivity.csv")
    last = table[(table["sample"] == 8) & (table["index"] == "total")].groupby("variable")["value"].mean()
    assert last["misperception"] > 0.2
    results = pd.read_parquet(tmp_path / "run" / "results.parquet")
    limit = results["first"].quantile(0.3)
    shown = tiercare("discover", tmp_path / "run", "--fails", f"first < {limit:.6f}", "--density", 0.6)
    assert "misperception" in shown


@pytest.mark.long
def test_a_search_of_the_real_model_goes_on_where_it_ended(tmp_path: Path) -> None:
    study = written(tmp_path, "between: [40%, 90%]", "kind: random, points: 2, levers: sampled, replications: 2")
    words = ("search", study, "--out", tmp_path / "out", "--families", 150, "--months", 3, "--robust", "mean")
    tiercare(*words, "--trials", 3)
    first = pd.read_csv(tmp_path / "out" / "trials.csv")
    tasks = set((tmp_path / "out" / "evaluations" / "tasks").glob("??/*.json"))
    times = {file: file.stat().st_mtime_ns for file in tasks}
    shown = tiercare(*words, "--trials", 6)
    assert "chance of not being dominated" in shown
    trials = pd.read_csv(tmp_path / "out" / "trials.csv").sort_values("trial")
    assert trials["trial"].tolist()[:3] == sorted(first["trial"])
    assert len(trials) >= 5  # one may meet another
    assert {file: file.stat().st_mtime_ns for file in tasks} == times
    front = pd.read_csv(tmp_path / "out" / "front.csv")
    assert front["chance"].between(0, 1).all()
    assert (tmp_path / "out" / "front.en.svg").is_file()
