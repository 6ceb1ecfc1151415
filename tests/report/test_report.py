import io
import math
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from simulator.core.messages import LANGUAGES, catalogue, language, use
from simulator.report import progress, words
from simulator.report.table import headlines, table, targets
from simulator.scenario.indicators import INDICATORS
from simulator.study.run import Progress, run

sys.path.insert(0, str(Path(__file__).parents[1] / "study"))
from fake_model import FakeSystem, Finding, Scenario  # ty: ignore[import-not-found]


@pytest.fixture(autouse=True)
def _english():
    before = language()
    use("en")
    yield
    use(before)


def printed(made, width=160):
    stream = io.StringIO()
    Console(file=stream, width=width).print(made)
    return stream.getvalue()


def cells(text, start):
    """The cells of the line that starts with ``start``."""
    line = next(line for line in text.splitlines() if line.startswith(start))
    return re.split(r" {2,}", line.strip())


@pytest.mark.parametrize("name", [*INDICATORS, *words.shown()["units"]])
def test_every_indicator_has_a_unit_and_a_name_in_every_language(name):
    assert name in words.shown()["units"]
    for spoken in LANGUAGES:
        assert f"indicator.{name}" in catalogue(spoken)


def test_targets_come_in_the_unit_of_the_indicator():
    findings = [
        Finding("charge_per_visit", (12500, "fen"), tier="centre"),
        Finding("wait_outpatient", (90.0, "minutes"), tier="tertiary"),
        Finding("visits_per_person", (6.8, "per year")),
        Finding("bed_use", (0.8, "share"), use="validation"),
    ]
    assert [row.target for row in targets(findings)] == [125, 1.5, 6.8]


def test_headlines_do_not_repeat_targets():
    found = headlines(targets([Finding("forgone_care", (0.2, "share"))]))
    assert "forgone_care" not in {row.indicator for row in found}
    assert "upcoded_share" in {row.indicator for row in found}


def test_target_stands_beside_result(tmp_path):
    scenario = Scenario()
    results = run(scenario, replications=3, arms=["baseline"], model=FakeSystem, out=tmp_path / "out", workers=1)
    text = printed(table(results, scenario.findings))
    row = results.summary.set_index("indicator").loc["visits_per_person"]
    found = cells(text, "visits per person-year")
    assert found[1] == "6.80"
    assert found[2] == words.figure(row["mean"], "rate")
    assert found[3] == f"{row['mean'] / 6.8:.2f}"
    assert found[4] == words.span(row["low"], row["high"], "rate")
    assert cells(text, "charge per visit, yuan")[1:3] == ["centres", "125.0"]
    assert cells(text, "use of beds")[1:] == ["hospitals", "79.4 %", "–"]  # the run has no such figure
    assert "visits at primary care" not in text  # a validation is no target
    assert "2023-03 to 2024-02, 3 replication(s)" in text


def test_arms_stand_beside_each_other_with_their_differences(tmp_path):
    scenario = Scenario()
    results = run(
        scenario, replications=3, arms=["reform", "baseline"], model=FakeSystem, out=tmp_path / "out", workers=1
    )
    text = printed(table(results, scenario.findings), 200)
    row = results.summary.set_index(["arm", "indicator"]).loc[("reform", "visits_per_person")]
    found = cells(text, "visits per person-year")
    assert found[-2] == words.figure(row["mean"], "rate")
    assert found[-1] == words.change(row["difference"], row["diff_low"], row["mean"], "rate")
    assert re.fullmatch(r"\+[\d.]+ ± [\d.]+", found[-1])


def test_the_table_speaks_chinese(tmp_path):
    scenario = Scenario()
    results = run(scenario, arms=["baseline"], model=FakeSystem, out=tmp_path / "out", workers=1)
    use("zh")
    text = printed(table(results, scenario.findings))
    assert "年人均就诊次数" in text
    assert "社区/乡镇中心" in text
    assert "visits" not in text


def test_names_of_the_author_stand_for_themselves():
    assert words.word("plan", "resident") == "residents"
    assert words.word("plan", "plan_of_mine") == "plan_of_mine"
    assert words.word("tier", "") == ""


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.0012, "share", "0.1 %"), (6.789, "rate", "6.79"), (125.04, "yuan", "125.0"), (-0.5, "share", "-50.0 %")],
)
def test_figures_show_three_or_four_digits(value, unit, text):
    assert words.figure(value, unit) == text


def test_no_interval_is_shown_as_nothing():
    assert words.span(math.nan, math.nan, "share") == ""
    assert words.figure(math.nan, "share") == "–"


def test_without_a_terminal_a_line_comes_now_and_then(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    stream = io.StringIO()
    with progress.shown(1000, stream) as show:
        for months in range(1, 41):
            clock[0] += 1.0
            show(Progress(months, 80, months // 20, 4))
    lines = stream.getvalue().splitlines()
    assert lines == [
        "19 %, 0 of 4 replications, 1,000 family-months/s, 1 min 5 s left",
        "38 %, 1 of 4 replications, 1,000 family-months/s, 50 s left",
    ]


def test_on_a_terminal_there_is_a_bar():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    with progress.shown(1000, stream) as show:
        show(Progress(40, 80, 2, 4))
    assert "2 of 4 replications" in stream.getvalue()
    assert "family-months/s" in stream.getvalue()


def test_a_notebook_shows_the_figures_of_the_whole_place_only(tmp_path):
    shown = run(Scenario(), arms=["baseline"], model=FakeSystem, out=tmp_path / "out", workers=1)._repr_html_()
    assert "visits_per_person" in shown
    assert "charge_per_visit" not in shown
