"""The report: every number stands in a table, and the tables are what the run says."""

import re
import time

import numpy as np
import pandas as pd
import pytest

from simulator.core.messages import LANGUAGES, use
from simulator.report.page import flows
from simulator.report.page.page import page, write_report
from simulator.scenario import load
from simulator.study.compare import side_by_side
from simulator.study.results import Results
from simulator.study.summary import over_period
from tests.report.keys import english_keys, letters_in_pictures
from tests.report.numbers import DATA, check_tied, read_table, section, untied

pytestmark = pytest.mark.usefixtures("english")
SHAPE = ["tier", "plan", "part", "alliance"]


@pytest.fixture(scope="module")
def report(comparison: Results, designs) -> str:
    use("en")
    return page(comparison, designs, stories=["<p>the life of <b>one</b> family</p>"])


def table(results: Results, name: str) -> pd.DataFrame:
    return read_table(results.folder, name)


def test_every_number_tied_to_a_table_stands_there(comparison: Results, report: str) -> None:
    tied = DATA.findall(report)
    assert len(tied) > 300
    names = {each[1] for each in tied}
    assert names >= {"report/outcomes", "report/conduct", "report/between", "report/mechanism"}
    check_tied(tied, lambda name: table(comparison, name))


def test_measured_levels_stand_in_a_table_too(comparison: Results, designs) -> None:
    known = designs.model_copy(update={"findings": load("base").findings})
    text = page(comparison, known)
    tied = [each for each in DATA.findall(text) if each[1] == "report/targets"]
    assert len(tied) > 5
    check_tied(DATA.findall(text), lambda name: table(comparison, name))
    shown = section(text, "validation")
    assert len(DATA.findall(shown)) >= 2 * shown.count('<th scope="row">')


@pytest.mark.parametrize("name", ["answer", "outcomes", "actors", "why"])
def test_no_number_stands_untied_in_what_the_run_says(report: str, name: str) -> None:
    assert untied(report, name) == []


def test_derived_tables_are_what_the_run_says(comparison: Results, report: str) -> None:
    series = table(comparison, "report/series")
    row = series[(series["indicator"] == "primary_share_of_visits") & (series["arm"] == "by_day")].iloc[-1]
    values = over_period(comparison.monthly, row["period"], row["period"])
    mine = values[(values["indicator"] == "primary_share_of_visits") & (values["arm"] == "by_day")]["value"]
    assert row["mean"] == pytest.approx(mine.mean())

    tier = comparison.facilities.drop_duplicates("facility").set_index("facility")["tier"]
    money = table(comparison, "report/money")
    ledger = comparison.ledger[comparison.ledger["arm"] == "baseline"]
    paid = ledger[(ledger["from"] == "families") & ledger["to"].str.startswith("facility:")]
    centres = paid[paid["to"].str.removeprefix("facility:").map(tier) == "centre"]["fen"].sum() / 3 / 1e8
    shown = money[(money["arm"] == "baseline") & (money["from"] == "families") & (money["to"] == "centre")]
    assert shown["million_yuan"].item() == pytest.approx(centres)
    assert money[money["arm"] == "baseline"]["million_yuan"].sum() == pytest.approx(ledger["fen"].sum() / 3 / 1e8)

    referrals, flown = table(comparison, "report/referrals"), comparison.referrals
    assert referrals["patients"].sum() == pytest.approx(flown["count"].sum() / 3)

    conduct, places = table(comparison, "report/conduct"), comparison.facilities
    after = conduct[(conduct["arm"] == "by_day") & (conduct["when"] == "after")].set_index(["tier", "column"])["value"]
    hospitals = places[(places["arm"] == "by_day") & (places["tier"] == "secondary")]
    for column in ("stay", "margin_day"):
        assert after["secondary", column] == pytest.approx(hospitals[column].mean())


def test_margins_seen_follow_the_rules(comparison: Results, report: str) -> None:
    places = comparison.facilities
    last = places[(places["tier"] == "secondary") & (places["year"] == places["year"].max())]
    day = last.groupby("arm")["margin_day"].mean()
    coding = last.groupby("arm")["margin_coding"].mean()
    assert day["by_day"] > day["baseline"] + 100  # a bed-day that is paid for is worth more
    assert coding["by_service"] <= 0 < coding["baseline"]  # no code is paid for by service


def test_chances_of_being_best_add_up(comparison: Results, report: str) -> None:
    ranks = table(comparison, "report/ranking")
    sums = ranks.groupby(["indicator", *SHAPE])["best"].sum()
    assert len(sums) > 5
    assert np.allclose(sums, 1)


def test_the_page_is_one_file_with_its_sections_in_order(report: str) -> None:
    ids = re.findall(r'<section id="(\w+)"', report)
    assert ids == [
        "money", "why", "time", "network", "outcomes", "unused", "actors", "stories", "rules", "sources", "validation",
        "limits", "repeat",
    ]  # fmt: skip
    assert report.index('<section class="first" id="answer">') < report.index("<nav") < report.index('id="money"')
    assert set(re.findall(r'href="#([\w-]+)"', report)) <= set(re.findall(r'id="([\w-]+)"', report))
    assert re.findall(r'(?:src|href)="(?!#|data:)', report) == []
    assert "url(" not in report
    assert "<b>one</b> family" in report
    assert section(report, "answer").count("<article") == 4
    assert "<script" not in report
    assert report.count("<svg") > 30
    assert "allowed = day rate of the tier × days" in report
    assert "DIP" in report


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_small_and_quick_in_every_language(comparison: Results, designs, language: str) -> None:
    use(language)
    write_report(comparison, designs)
    start = time.process_time()
    file = write_report(comparison, designs)
    assert time.process_time() - start < 10
    assert file.stat().st_size < 1_000_000
    text = file.read_text(encoding="utf-8")
    assert f'lang="{ {"en": "en", "zh": "zh-Hans"}[language] }"' in text
    assert ("结果" in text) == (language == "zh")


def test_a_run_of_one_arm_once_has_a_report(designs, tmp_path) -> None:
    from simulator.study.run import run

    results = run(designs, arms=["baseline"], out=tmp_path / "one", workers=1, threads=1)
    text = write_report(results).read_text(encoding="utf-8")
    assert "One set of rules, nothing to compare." in text
    assert "nan" not in re.sub(r"[a-z]+nan|nan[a-z]+", "", re.sub(r"<[^>]+>", " ", text).lower()).split()


def test_a_title_is_text_and_no_markup(comparison: Results, designs) -> None:
    resolved = comparison.manifest["scenario"]["resolved"]
    before = resolved["title"]
    try:
        resolved["title"] = {"en": "<script>alert(1)</script>", "zh": "x"}
        assert "<script>alert" not in page(comparison, designs)
    finally:
        resolved["title"] = before


def test_money_that_goes_back_is_set_off() -> None:
    rows = pd.DataFrame([("a", "fund", "pool", 5.0), ("a", "pool", "fund", 2.0)], columns=["arm", "from", "to", "m"])
    assert flows.netted(rows) == {("fund", "pool"): 3.0}


def test_runs_lie_side_by_side_and_have_one_report(comparison: Results, designs, tmp_path) -> None:
    runs = {"first": (comparison, ["baseline", "by_day"]), "by_day_neutral": (comparison, ["by_day"])}
    solved = {"by_day_neutral.by_day": {"arm": "by_day", "path": "a.day_rate", "value": "700 yuan", "plan": "resident"}}
    beside = side_by_side(runs, tmp_path / "beside", solved)
    assert beside.arms == ["baseline", "by_day", "by_day_neutral.by_day"]
    summary = beside.summary.set_index(["arm", "indicator", *SHAPE])["difference"]
    assert summary.loc["by_day"].equals(summary.loc["by_day_neutral.by_day"])
    text = write_report(beside, designs).read_text(encoding="utf-8")
    assert "Bed-days, budget-neutral: day_rate = 700 yuan" in text


def test_a_chinese_report_shows_no_english_keys(comparison: Results, designs) -> None:
    use("zh")
    text = page(comparison, designs)
    allowed = {"payment_designs"}  # the name of the scenario, for those who repeat the run
    assert set(english_keys(text)) <= allowed
    assert letters_in_pictures(text) == []
