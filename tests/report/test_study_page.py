"""The report of a study: every number stands in a table, and the tables are what the runs say."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from simulator.cli.app import app
from simulator.core.messages import LANGUAGES, use
from simulator.report.sweep.page import page, write_study_report
from simulator.study.sweep.begin import open_or_begin
from simulator.study.sweep.designs import points_of
from simulator.study.sweep.drive import drive
from simulator.study.sweep.read import read_study
from simulator.study.sweep.study_results import Sweep
from simulator.study.sweep.tasks import Tasks
from tests.report.numbers import DATA, check_tied, untied

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def report(study: Sweep) -> str:
    use("en")
    return page(study)


def table(study: Sweep, name: str) -> pd.DataFrame:
    words = ["arm", "outcome", "variable", "fact", "first", "second", "first_value", "second_value"]
    words += ["value"] if name.endswith("along") else ["high_value", "low_value"] if name.endswith("spans") else []
    return pd.read_csv(study.folder / f"{name}.csv", dtype=dict.fromkeys(words, "object"))


def test_every_number_tied_to_a_table_stands_there(study: Sweep, report: str) -> None:
    tied = DATA.findall(report)
    assert len(tied) > 30
    assert {each[1] for each in tied} == {f"report/{name}" for name in ("policies", "along", "spans", "facts")}
    check_tied(tied, lambda name: table(study, name))


@pytest.mark.parametrize("name", ["answer", "outcomes"])
def test_no_number_stands_untied(report: str, name: str) -> None:
    quoted = re.sub(r"“[^”]*”", "", report)  # values of variables are the study's own texts
    assert untied(quoted, name) == []


def test_derived_tables_are_what_the_runs_say(study: Sweep, report: str) -> None:
    results = study.results.merge(study.points[["point"]], on="point")
    policies = table(study, "report/policies").set_index(["policy", "arm", "outcome"])
    assert len(policies) == 2 * 2 * 3
    here = results[(results["policy"] == 1) & (results["arm"] == "by_day")]
    row = policies.loc[(1, "by_day", "charge")]
    assert row["mean"] == pytest.approx(here["charge"].mean())
    points = here.groupby("point")["charge"].mean()
    assert (row["low"], row["high"], row["samples"]) == pytest.approx((points.min(), points.max(), 4))
    base = results[(results["policy"] == 0) & (results["arm"] == "by_day")]
    assert row["difference"] == pytest.approx(here["charge"].mean() - base["charge"].mean())
    assert np.isnan(policies.loc[(0, "by_day", "charge"), "difference"])
    assert abs(row["difference"]) > 1  # what a bed-day pays moves how long people stay
    other = results[(results["policy"] == 1) & (results["arm"] == "baseline")]
    assert row["effect"] == pytest.approx(here["charge"].mean() - other["charge"].mean())

    along = table(study, "report/along").set_index(["variable", "value", "arm", "outcome"])
    able = results[(results["skill"] == "able") & (results["arm"] == "baseline")]
    assert along.loc[("skill", "able", "baseline", "first_contact"), "mean"] == pytest.approx(
        able["first_contact"].mean()
    )
    spans = table(study, "report/spans").set_index(["variable", "arm", "outcome"])
    mine = results[results["arm"] == "baseline"].groupby(["skill", "replication"])["first_contact"].mean().unstack()
    span, ends = spans.loc[("skill", "baseline", "first_contact")], mine.mean(axis=1)
    assert (span["high_value"], span["low_value"]) == (ends.idxmax(), ends.idxmin())
    paired = mine.loc[ends.idxmax()] - mine.loc[ends.idxmin()]
    assert span["span"] == pytest.approx(paired.mean())
    half = 12.706 * paired.std(ddof=1) / math.sqrt(2)  # Student's t of two replications
    assert (span["span_low"], span["span_high"]) == pytest.approx(
        (paired.mean() - half, paired.mean() + half), rel=1e-3
    )
    pairs = table(study, "report/pairs").set_index(["first", "second", "first_value", "second_value", "arm", "outcome"])
    cell = results[(results["skill"] == "able") & (results["wait"] == 60) & (results["arm"] == "by_day")]
    assert pairs.loc[("skill", "wait", "able", "60 minutes", "by_day", "charge"), "mean"] == pytest.approx(
        cell["charge"].mean()
    )


def test_the_page_is_one_file_with_its_sections_in_order(report: str) -> None:
    ids = re.findall(r'<section id="(\w+)"', report)
    assert ids == ["answer", "outcomes", "figures", "varied", "rules", "sources", "limits", "repeat"]
    assert set(re.findall(r'href="#([\w-]+)"', report)) <= set(re.findall(r'id="([\w-]+)"', report))
    assert re.findall(r'(?:src|href)="(?!#|data:)', report) == []
    answer = report[report.index('<ol class="answer">') : report.index("</ol>", report.index('<ol class="answer">'))]
    assert answer.count("<li>") == 5
    for name in ("along", "differences", "effects", "maps"):
        assert f'id="figure-{name}"' in report
    assert "facilities.secondary.wait" in report  # the derived value
    assert "able: facilities.station.capability = 0.6" in report
    assert "Statistical bulletin" in report or "judgement" in report  # sources of the numbers travel with the study
    assert "allowed = day rate of the tier × days" in report


def test_a_failed_task_is_told(study: Sweep) -> None:
    key = study.tasks.key(3, 1)
    said = {"point": 3, "replication": 1, "state": "failed", "why": "it <broke>", "values": {}}
    study.store.fail(key, said)
    try:
        text = page(study)
    finally:
        study.store.forgive(key)
    failed = text[text.index('<section id="failed"') :]
    assert key[:12] in failed
    assert "it &lt;broke&gt;" in failed
    assert "1</data> tasks failed" in text


def test_drawn_points_have_groups_and_single_points(tmp_path) -> None:
    file = tmp_path / "drawn.yaml"
    text = """
format: 1
title: {en: Drawn, zh: 抽样}
question: Does waiting matter?
scenario: base
uncertainties:
  wait: {sets: facilities.tertiary.wait, between: [40 minutes, 60 minutes]}
outcomes:
  visits: {indicator: visits_per_person}
design: {kind: latin_hypercube, points: 48}
"""
    file.write_text(text, encoding="utf-8")
    asked = read_study(file)
    drive(Tasks(asked, points_of(asked), 1, "tests.report.still_model.Still"), tmp_path / "out", workers=1)
    sweep = Sweep(tmp_path / "out")
    made = page(sweep)
    along = table(sweep, "report/along")
    assert along["points"].tolist() == [6] * 8
    assert along["mean"].is_monotonic_increasing
    assert made.count('class="point"') == 48
    policies = table(sweep, "report/policies").iloc[0]
    assert policies["low"] == pytest.approx(sweep.summary["mean"].quantile(0.025))
    assert "all points" in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_writes_the_report_in_either_language(study: Sweep, language: str) -> None:
    done = CliRunner().invoke(app, ["report", str(study.folder), "--lang", language])
    assert done.exit_code == 0, done.output
    text = (study.folder / "report.html").read_text(encoding="utf-8")
    assert ("研究变动了什么" in text) == (language == "zh")
    assert len(text) < 3_000_000


def test_a_study_without_results_has_no_report(study: Sweep, tmp_path) -> None:
    file = study.folder / "study" / "sweep.yaml"
    asked = read_study(file)
    tasks = Tasks(asked, points_of(asked), 1)
    open_or_begin(tasks, tmp_path / "new")
    assert write_study_report(Sweep(tmp_path / "new")) is None
    done = CliRunner().invoke(app, ["report", str(tmp_path / "new")])
    assert done.exit_code == 2


def test_results_are_read_by_another_version_of_the_program(study: Sweep, monkeypatch) -> None:
    before = study.results
    monkeypatch.setattr("simulator.study.sweep.tasks.source_hash", lambda: "another")
    assert Sweep(study.folder).results.equals(before)
