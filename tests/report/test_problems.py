"""The problem book as people read it: the table, and pages that say of every problem what came of it."""

import io
import re

import pytest
from rich.console import Console

from simulator.core.messages import LANGUAGES
from simulator.problems.book import book
from simulator.problems.run import Outcome, write_tables
from simulator.report.problem_book import (
    COMMAND,
    DOCS,
    PAGES,
    Line,
    carriers_said,
    cells,
    counted,
    lines,
    pages,
    problems_table,
)
from simulator.study.paired import Paired

SHOWN = Paired(0.024, 0.041, 0.017, 0.015, 0.019)
SHORT = Paired(0.39, 0.38, -0.01, -0.02, 0.0)
GONE = Paired(0.02, 0.02, 0.0, -0.0001, 0.0001)


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def outcomes():
    shown, short, *rest = book().values()
    return [Outcome(shown, SHOWN, GONE), Outcome(short, SHORT), *(Outcome(problem) for problem in rest)]


def test_the_table_says_what_was_found(outcomes):
    console = Console(width=250, record=True, file=io.StringIO())
    console.print(problems_table(outcomes))
    first, second = [line for line in console.export_text().splitlines() if re.match("P0[12] ", line)]
    assert "stepped" in first or "down" in first
    assert re.search(r"2\.4 % +4\.1 % +\+1\.7 \(1\.5 … 1\.9\) +\+1\.0 +yes", first)
    assert second.rstrip().endswith("no")
    assert counted(outcomes) == "shown: 1 of 2 that were run, 1 of them behavioural"
    assert carriers_said(outcomes) == "vanish without their carrier: 1 of 1; do not: –"
    assert carriers_said(outcomes[1:]) == ""


def test_a_problem_that_is_not_run_says_why_in_the_last_cell():
    told = next(problem for problem in book().values() if problem.kind == "not_shown")
    waiting = told.model_copy(update={"kind": "waiting"})
    assert cells(Line(waiting))[-1] == "waits"


def test_the_pages_put_every_problem_where_it_belongs(outcomes, tmp_path):
    write_tables(outcomes, tmp_path)
    made = {file.name: text for file, text in pages(tmp_path).items()}
    assert set(made) == set(PAGES.values())
    for text in made.values():
        assert sorted(re.findall(r"^- \*\*(P\d\d)", text, re.MULTILINE)) == sorted(name[:3] for name in book())
    english, chinese = made["problems.md"], made["problems.zh.md"]
    sections = {part.splitlines()[0]: part for part in english.split("\n## ")[1:]}
    assert re.findall(r"\| (P\d\d)", sections["Shown: behaviour"]) == ["P01"]
    assert "incentives (it does)" in sections["Shown: behaviour"]
    assert re.findall(r"\| (P\d\d)", sections["Missed"]) == ["P02"]
    assert re.findall(r"\*\*(P\d\d)", sections["Not an outcome of a model"]) == ["P09", "P34"]
    assert english.count("\n## ") == chinese.count("\n## ")
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in chinese.splitlines() if line.startswith("- **"))


def test_what_the_table_says_comes_back(outcomes, tmp_path):
    write_tables(outcomes, tmp_path)
    known = lines(tmp_path)
    assert [line.problem.id for line in known] == list(book())
    assert (known[0].difference, known[0].shown, known[0].vanished) == (0.017, "yes", "yes")
    assert (known[1].high, known[1].shown, known[1].vanished) == (0.0, "no", "")
    assert known[2].shown == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_published_pages_are_fresh(language):
    file = DOCS / PAGES[language]
    assert file.read_text(encoding="utf-8") == pages()[file], f"run: {COMMAND}"
