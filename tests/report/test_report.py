import io
import math
import re
import sys
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest
from rich.console import Console

from simulator.core.messages import use
from simulator.report import display, progress
from simulator.report.claims import claims_table
from simulator.report.results_table import headlines, tables, targets
from simulator.study.intervals import interval
from simulator.study.run import Progress, run
from simulator.study.run_tables import MONTHLY, SUMMARY

sys.path.insert(0, str(Path(__file__).parents[1] / "study"))
from fake_model import Claim, FakeSystem, Finding, Scenario  # ty: ignore[import-not-found]

pytestmark = pytest.mark.usefixtures("english")


def printed(made, width=160):
    stream = io.StringIO()
    for each in made:
        Console(file=stream, width=width).print(each)
    return stream.getvalue()


NAN = math.nan


class Given:
    """Results with figures written by hand: arm -> indicator -> (mean, low, high, difference, diff_low, diff_high)."""

    replications = 10
    manifest: dict[str, object] = {}

    def __init__(self, figures):
        rows = [
            [
                arm,
                *(series if isinstance(series, tuple) else (series, "", "", "", "")),
                "2023-01/2023-12",
                10,
                *numbers,
                NAN,
            ]
            for arm, found in figures.items()
            for series, numbers in found.items()
        ]
        self.arms = list(figures)
        self.summary = pd.DataFrame(rows, columns=[column.name for column in SUMMARY.columns])


NO = (NAN, NAN, NAN)


def cells(text, start):
    """The cells of the line that starts with ``start``."""
    line = next(line for line in text.splitlines() if line.startswith(start))
    return re.split(r" {2,}", line.strip())


def test_targets_come_in_the_unit_of_the_indicator():
    findings = [
        Finding("charge_per_visit", (12500, "fen"), tier="centre"),
        Finding("wait_outpatient", (90.0, "minutes"), tier="tertiary"),
        Finding("visits_per_person", (6.8, "per year")),
        Finding("bed_use", (0.8, "share"), use="validation"),
    ]
    assert [row.target for row in targets(findings)] == [125, 1.5, 6.8]


def test_headlines_have_figures_and_do_not_repeat_targets():
    series = [("forgone_care",), ("upcoded_share",), ("visit_share",)]
    figures = {("baseline", *name, "", "", "", ""): {} for name in series}
    found = headlines(targets([Finding("forgone_care", (0.2, "share"))]), figures)
    assert [row.indicator for row in found] == ["upcoded_share"]


def test_an_alliance_has_a_row_each():
    given = [("budget_surplus_rate", "", "", "", name) for name in ("north", "south")]
    other = [("fund_surplus_rate", "", "resident", "", ""), ("fund_surplus_rate", "tertiary", "resident", "", "")]
    found = headlines([], {("reform", *series): {} for series in [*given, *other]})
    assert [row.series for row in found] == [*given, other[0]]


def test_target_stands_beside_result(tmp_path):
    scenario = Scenario()
    results = run(scenario, replications=3, arms=["baseline"], model=FakeSystem, out=tmp_path / "out", workers=1)
    text = printed(tables(results, scenario.findings))
    row = results.summary.set_index("indicator").loc["visits_per_person"]
    found = cells(text, "visits per person-year")
    assert found[1] == "6.80"
    assert found[2] == display.figure(row["mean"], "rate")
    assert found[3] == f"{row['mean'] / 6.8:.2f}"
    assert found[4] == display.span(row["low"], row["high"], "rate")
    assert cells(text, "charge per visit, yuan")[1:3] == ["centres", "125.0"]
    assert cells(text, "use of beds")[1:] == ["hospitals", "79.4 %", "–"]  # the run has no such figure
    assert "visits at primary care" not in text  # a validation is no target
    assert "2023-03 to 2024-02, 3 replication(s)" in text


def test_arms_stand_beside_each_other_with_their_differences(tmp_path):
    scenario = Scenario()
    results = run(
        scenario, replications=3, arms=["reform", "baseline"], model=FakeSystem, out=tmp_path / "out", workers=1
    )
    text = printed(tables(results, scenario.findings), 100)
    row = results.summary.set_index(["arm", "indicator"]).loc[("reform", "visits_per_person")]
    base = results.summary.set_index(["arm", "indicator"]).loc[("baseline", "visits_per_person")]
    assert cells(text, "indicator") == ["indicator", "of", "target", "baseline", "ratio", "reform"]
    found = cells(text, "visits per person-year")
    assert found[1:3] == ["6.80", display.figure(base["mean"], "rate")]
    assert found[-1] == display.change(row["difference"], row["diff_low"], row["mean"], "rate") + " *"
    assert re.fullmatch(r"\+[\d.]+ ± [\d.]+ \*", found[-1])


def test_only_an_interval_on_one_side_of_zero_is_marked():
    given = Given(
        {
            "baseline": {
                "forgone_care": (0.2, 0.18, 0.22, *NO),
                ("in_area_share", "", "", "visits", ""): (0.6, 0.5, 0.7, *NO),
            },
            "a": {
                "forgone_care": (0.21, 0.2, 0.22, 0.01, -0.01, 0.03),
                ("in_area_share", "", "", "visits", ""): (0.5, 0.4, 0.6, -0.1, -0.12, -0.08),
                ("budget_surplus_rate", "", "", "", "north"): (0.15, 0.13, 0.17, *NO),
            },
        }
    )
    text = printed(tables(given, []), 100)
    assert cells(text, "care forgone")[-1] == "+1.0 ± 2.0"
    assert cells(text, "care inside the area")[-1] == "-10.0 ± 2.0 *"
    assert cells(text, "surplus of the budget") == ["surplus of the budget", "north", "–", "= 15.0 ± 2.0"]
    assert "* the interval leaves out zero" in text
    assert "= a level, where the baseline has none" in text


@pytest.mark.parametrize("name", ["a", "a_reform_with_quite_a_long_name"])
def test_many_arms_wrap_into_further_tables(name):
    arms = [f"{name}_{n}" for n in range(9)]
    figures = {arm: {"forgone_care": (0.2, 0.1, 0.3, 0.01, -0.01, 0.03)} for arm in arms}
    made = tables(Given({"baseline": {"forgone_care": (0.2, 0.18, 0.22, *NO)}, **figures}), [])
    text = printed(made, 100)
    assert len(made) >= 4
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    headings = " ".join(line for line in text.splitlines() if line.startswith("indicator")).split()
    assert [word for word in headings if word in arms] == arms
    assert headings.count("baseline") == 1
    assert text.count("+1.0 ± 2.0") == 9
    assert text.count("leaves out zero") == 1


def test_without_the_baseline_there_are_no_differences_and_a_note_says_so():
    figures = {arm: {"forgone_care": (0.2, 0.1, 0.3, *NO)} for arm in ("a", "b")}
    text = printed(tables(Given(figures), []), 100)
    assert cells(text, "care forgone") == ["care forgone", "20.0 %", "20.0 %"]
    assert "no differences: the baseline was not run" in text
    assert "leaves out zero" not in text


def monthly(*rows):
    """Rows of (arm, replication, year, indicator, tier, numerator, denominator), the same in every month."""
    made = [
        [arm, replication, f"{year}-{month:02d}", indicator, tier, "", "", "", top / bottom, top, bottom]
        for arm, replication, year, indicator, tier, top, bottom in rows
        for month in range(1, 13)
    ]
    return pd.DataFrame(made, columns=[column.name for column in MONTHLY.columns])


class Years:
    """Two arms over two years; the reform adds 10 points and a fifth, and 2020 is better than 2019 anyway."""

    arms = ("baseline", "budget")
    ends = staticmethod(interval)
    monthly = monthly(
        *(
            row
            for replication, more in enumerate((0, 2, 4))
            for row in (
                ("baseline", replication, 2019, "in_area_share", "", 40 + more, 100),
                ("baseline", replication, 2020, "in_area_share", "", 45 + more, 100),
                ("budget", replication, 2019, "in_area_share", "", 40 + more, 100),
                ("budget", replication, 2020, "in_area_share", "", 55 + more, 100),
                ("baseline", replication, 2019, "charge_per_admission", "secondary", 5000 + more, 1),
                ("baseline", replication, 2020, "charge_per_admission", "secondary", 5000 + more, 1),
                ("budget", replication, 2019, "charge_per_admission", "secondary", 5000 + more, 1),
                ("budget", replication, 2020, "charge_per_admission", "secondary", 4000 + more, 1),
                ("budget", replication, 2020, "budget_surplus_rate", "", 10 + more, 100),
            )
        )
    )
    monthly.loc[monthly["indicator"] == "budget_surplus_rate", "alliance"] = "the_only_one"
    coded_months = monthly
    months: ClassVar = sorted(set(monthly["month"]))


@pytest.mark.parametrize(
    ("claim", "figures"),
    [
        (Claim("budget", "in_area_share", change=(0.25, "points"), years="2019-2020"),
         ["2019-2020", "+25.0 pp", "+15.0 ± 0.0 pp *", "+10.0 ± 0.0 pp *"]),
        (Claim("budget", "charge_per_admission", change=(-0.12, "share"), tier="secondary", years="2019-2020"),
         ["2019-2020", "-12.0 %", "-20.0 ± 0.0 % *", "-20.0 ± 0.0 % *"]),
        (Claim("budget", "charge_per_admission", change=(-26335, "fen"), tier="secondary", years="2019-2020"),
         ["2019-2020", "-263.4", "-1,000 ± 0 *", "-1,000 ± 0 *"]),
        (Claim("budget", "budget_surplus_rate", level=(0.15, "share"), years="2020"),
         ["2020", "15.0 %", "12.0 ± 5.0 %", "–"]),
        (Claim("budget", "budget_surplus_rate", level=(0.15, "share"), level_to=(0.31, "share")),
         ["15.0 % … 31.0 %", "12.0 ± 5.0 %", "–"]),
        (Claim("budget", "in_area_share", change=(0.25, "points"), years="2019-2023"),
         ["2019-2023", "+25.0 pp", "–", "+10.0 ± 0.0 pp *"]),
        (Claim("budget", "in_area_share", change=(0.25, "points"), groups=("child",), years="2019-2020"),
         ["2019-2020", "+25.0 pp", "–", "–"]),
        (Claim("baseline", "in_area_share", level=(0.45, "share"), years="2020"),
         ["2020", "45.0 %", "47.0 ± 5.0 %", "–"]),
    ],
)  # fmt: skip
def test_claims_stand_beside_what_came_out(claim, figures):
    made = claims_table(Years(), [claim])
    assert len(made) == 1
    text = printed(made, 140)
    line = next(line for line in text.splitlines() if line.startswith(display.word("indicator", claim.indicator)))
    assert re.split(r" {2,}", line.strip())[-len(figures) :] == figures


def test_claims_of_arms_that_were_not_run_are_left_out():
    assert claims_table(Years(), [Claim("other", "in_area_share", level=(0.1, "share"))]) == []
    assert claims_table(Years(), []) == []


def test_the_table_speaks_chinese(tmp_path):
    scenario = Scenario()
    results = run(scenario, arms=["baseline"], model=FakeSystem, out=tmp_path / "out", workers=1)
    use("zh")
    text = printed(tables(results, scenario.findings))
    assert "年人均就诊次数" in text
    assert "社区卫生服务中心/乡镇卫生院" in text
    assert "visits" not in text


def test_names_of_the_author_stand_for_themselves():
    assert display.word("plan", "resident") == "residents"
    assert display.word("indicator", "wait_admission") == "wait for a bed, days"
    assert display.word("plan", "plan_of_mine") == "plan_of_mine"
    assert display.word("tier", "") == ""


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.0012, "share", "0.1 %"), (6.789, "rate", "6.79"), (125.04, "yuan", "125.0"), (-0.5, "share", "-50.0 %")],
)
def test_figures_show_three_or_four_digits(value, unit, text):
    assert display.figure(value, unit) == text


def test_no_interval_is_shown_as_nothing():
    assert display.span(math.nan, math.nan, "share") == ""
    assert display.figure(math.nan, "share") == "–"


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
        "19 %, 0 of 4 runs, 1,000 family-months/s, 1 min 5 s left",
        "38 %, 1 of 4 runs, 1,000 family-months/s, 50 s left",
    ]


def test_compiling_is_no_part_of_the_pace(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    stream = io.StringIO()
    with progress.shown(1000, stream) as show:
        clock[0] = 60.0  # a minute of compiling
        show(Progress(1, 101, 0, 4))
        for months in range(2, 42):
            clock[0] += 1.0
            show(Progress(months, 101, 0, 4))
    first, second, *_ = stream.getvalue().splitlines()
    assert first.endswith("time not known yet")
    assert second.endswith("1,000 family-months/s, 1 min 25 s left")


def test_on_a_terminal_there_is_a_bar():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    with progress.shown(1000, stream) as show:
        show(Progress(40, 80, 2, 4))
    assert "2 of 4 runs" in stream.getvalue()
    assert "not known yet" in stream.getvalue()


def test_a_notebook_shows_the_figures_of_the_whole_place_only(tmp_path):
    shown = run(Scenario(), arms=["baseline"], model=FakeSystem, out=tmp_path / "out", workers=1)._repr_html_()
    assert "visits per person-year" in shown
    assert "charge per visit" not in shown
