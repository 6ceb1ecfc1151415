"""Stories from the command: a page of their own, and in the report of a run, in both languages."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.cli.app import app
from simulator.study.results import Results

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def copied(comparison: Results, tmp_path: Path) -> Path:
    """A run of its own for each test."""
    return Path(shutil.copytree(comparison.folder, tmp_path / "run"))


def told_in(text: str) -> str:
    """The stories of a report."""
    return text[text.index('<section id="stories"') : text.index('<section id="rules"')]


def called(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_family_of_a_run_is_told_in_its_report(copied: Path) -> None:
    called("trace", copied, "--find", "age>=60", "--months", "6", "--arms", "baseline,by_day")
    text = (copied / "report.html").read_text(encoding="utf-8")
    story = told_in(text)
    assert story.count("<h4>20") == 6
    assert "the same in all arms" in story or 'class="arms"' in story
    assert 'href="#stories"' in text

    called("trace", copied, "--facility", "centre_1", "--months", "6", "--lang", "zh")
    text = (copied / "report.html").read_text(encoding="utf-8")
    assert text.count('<section class="trace">') == 2
    assert "账" in told_in(text)
    called("report", copied, "--lang", "en")
    assert (copied / "report.html").read_text(encoding="utf-8").count('<section class="trace">') == 2


def test_the_family_is_that_of_the_run(copied: Path, comparison: Results) -> None:
    """A clinic of a run treats what the run says it treated: same people, same draws."""
    told = called("trace", copied, "--facility", "centre_1", "--months", "6", "--arms", "baseline,by_day")
    places = comparison.facility_months
    mine = places[(places["facility"] == "centre_1") & (places["arm"] == "baseline") & (places["replication"] == 0)]
    visits = [f"{number:,.0f}" for number in mine["visits"]]
    assert len(visits) == 6
    assert all(re.search(rf"\b{re.escape(number)}\b", told) for number in visits)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_story_is_a_page_of_its_own(designs, language: str, tmp_path: Path) -> None:
    file = tmp_path / "story.html"
    small = ["--families", "60", "--set", "time.warm_up=2 months", "--months", "2"]
    called("trace", "payment_designs", "--family", 3, *small, "--out", file, "--lang", language)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "<script" not in text
    assert text.count("<h4>20") == 2


def test_overrides_and_a_run_do_not_go_together(copied: Path) -> None:
    done = CliRunner().invoke(app, ["trace", str(copied), "--family", "1", "--with", "x"])
    assert done.exit_code == 2
    assert "--with" in done.output
