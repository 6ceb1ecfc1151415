"""A difference is explained by runs on the same people, and its parts add up to it."""

import re
import shutil
from dataclasses import replace
from functools import cache
from math import nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.errors import UserError
from simulator.core.messages import LANGUAGES, use
from simulator.count.events import EVENTS
from simulator.count.people import AGES as BY_AGE
from simulator.engine.state.sums import SUMS
from simulator.report.explain import explained_tables
from simulator.report.page.page import page
from simulator.scenario import load
from simulator.scenario.schema.analysis import Analysis
from simulator.study.explain.difference_table import keep, kept
from simulator.study.explain.groups import AGES, INCOMES, Grouped, GroupedSystem
from simulator.study.explain.parts import apart
from simulator.study.explain.switches import ALL, SWITCHES, Explained, explain, wanted
from simulator.study.manifest import scenario_of
from simulator.study.results import Results
from tests.benefit.worlds import EVERYTHING
from tests.report.numbers import DATA, check_tied, read_table, section
from tests.small import COUNTY, SHORT

pytestmark = pytest.mark.usefixtures("english")
INDICATOR = "primary_share_of_visits"
SERIES = (INDICATOR, "", "", "", "")

sums = st.dictionaries(
    st.sampled_from("abc"), st.tuples(st.floats(0, 1000), st.floats(0.5, 1000)), min_size=1, max_size=3
)


@given(sums, sums)
def test_mix_and_level_are_the_difference(base: dict, arm: dict):
    effects = apart(base, arm, shared=False).values()
    whole = [sum(pair[0] for pair in each.values()) / sum(pair[1] for pair in each.values()) for each in (base, arm)]
    assert sum(mix + level for mix, level in effects) == pytest.approx(whole[1] - whole[0], abs=1e-6, rel=1e-9)


def test_without_a_change_of_the_groups_there_is_no_mix():
    found = apart({"a": (1.0, 10.0), "b": (8.0, 10.0)}, {"a": (3.0, 10.0), "b": (8.0, 10.0)}, shared=False)
    assert found == {"a": (0.0, pytest.approx(0.1)), "b": (0.0, 0.0)}
    assert apart({"a": (1.0, 10.0)}, {"a": (3.0, 10.0)}, shared=True) == {"a": (0.0, pytest.approx(0.2))}


@cache
def explained(folder: Path) -> Explained:
    return explain(Results.open(folder), "cheap", SERIES, threads=1)


@pytest.mark.long
def test_the_difference_explained_is_the_runs(small_run: Path):
    found, summary = explained(small_run), Results.open(small_run).summary
    row = summary[(summary["arm"] == "cheap") & (summary["indicator"] == INDICATOR)].iloc[0]
    assert found.difference[0] == pytest.approx(row["difference"])
    assert row["period"] == f"{found.first}/{found.last}"
    assert found.replications == 2


@pytest.mark.long
def test_every_switch_of_an_analysis_is_tried(small_run: Path):
    assert {*SWITCHES, "no_channels"} == set(Analysis.model_fields)
    found = explained(small_run)
    assert [each.switch for each in found.without] == [*SWITCHES, ALL]
    for each in found.without:
        assert each.carries[0] == pytest.approx(found.difference[0] - each.difference[0])
    assert len({each.difference[0] for each in found.without}) > 3


@pytest.mark.long
def test_groups_add_up_to_the_difference(small_run: Path):
    found = explained(small_run)
    for by, groups in (("tier", 2), ("age", len(AGES)), ("income", len(INCOMES))):
        mine = [share for share in found.shares if share.by == by]
        assert len(mine) == groups
        total = sum(share.mix[0] + share.level[0] for share in mine)
        assert total == pytest.approx(found.difference[0], abs=1e-9)


@pytest.mark.parametrize("changes", [(), EVERYTHING], ids=["base", "shared accounts, points, yearly sums"])
def test_people_add_up_to_everybody(changes: tuple[str, ...]):
    """To the fen, whatever families share: what is counted of a group are its own rows, as they were."""
    place = load("base", changes=[SHORT, COUNTY, *changes], families=150, months=2)
    system = GroupedSystem(place)
    while system.running:
        system.step()
        if not system.world.month > system.burn_in:
            continue
        assert isinstance(system.engine, Grouped)
        tally, counted = system.world.tally, system.engine.of
        assert tally.extras.any() == bool(changes)
        for kind in ("age", "income"):
            mine = [sums for group, (_, sums) in counted.items() if group.startswith(f"{kind}:")]
            for name in set(SUMS) - {"events"}:
                added, whole = sum(getattr(sums, name) for sums in mine), getattr(tally, name)
                if name == "ages":
                    added[:, BY_AGE["deaths"]] = BY_AGE.of(whole, "deaths")  # counted in the phase of life
                assert (added == whole).all(), name
            happened = sum(sums.events for sums in mine)
            assert isinstance(happened, np.ndarray)
            for name in ("contacts", "deaths", "deaths_of_illness", "years_lost"):  # the same
                happened[:, EVENTS[name]] = EVENTS.of(tally.events, name)
            assert (happened == tally.events).all()


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_both_languages(small_run: Path, language: str):
    from rich.console import Console

    use(language)
    console = Console(width=160)
    with console.capture() as told:
        for each in explained_tables(explained(small_run)):
            console.print(each)
    text = told.get()
    assert {"en": "visits at primary care: cheap", "zh": "基层诊疗量占比：cheap"}[language] in text
    assert "explain." not in text
    assert {"en": "habit", "zh": "习惯"}[language] in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["primary_share"], "the run has no indicator `primary_share`; did you mean"),
        ([INDICATOR, "--arm", "cheep"], "there is no arm `cheep`; there are cheap; did you mean `cheap`?"),
        (["visit_share", "--tier", "centr"], "--tier: `centr` is not one of centre, "),
        (["visit_share"], "`visit_share` has no figure for that; try --tier "),
    ],
)
def test_mistakes_are_told_in_one_line(small_run: Path, words: list[str], message: str):
    done = CliRunner().invoke(app, ["explain", str(small_run), *words])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert len(done.stderr.splitlines()) == 1


def test_an_arm_of_another_scenario_is_no_reform_of_this_one(small_run: Path):
    results = Results.open(small_run)
    results.__dict__["manifest"] = {**results.manifest, "finished": {"baseline": [0, 1], "other.cheap": [0, 1]}}
    with pytest.raises(UserError, match=r"`other.cheap` comes from another scenario"):
        wanted(results, INDICATOR, None, {})


@pytest.mark.long
def test_what_was_explained_is_kept_as_it_was(small_run: Path, tmp_path: Path):
    found = explained(small_run)
    results = Results(tmp_path)
    other = replace(found, arm="dear", series=("visit_share", "centre", "", "", ""), difference=(0.1, nan, nan))
    keep(results, found)
    keep(results, replace(found, families=7))
    keep(results, replace(other, series=(INDICATOR, "centre", "", "", "")))
    keep(results, other)
    keep(results, found)
    again = list(kept(tmp_path))
    assert [(each.arm, each.series) for each in again] == [
        ("dear", (INDICATOR, "centre", "", "", "")),
        ("cheap", SERIES),
        ("dear", other.series),
    ]
    assert again[1] == found
    assert repr(again[2]) == repr(other)


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_tells_it_and_its_numbers_stand_in_the_table(small_run: Path, tmp_path: Path, language: str):
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    results = Results.open(folder)
    name = keep(results, explained(small_run)).stem
    use(language)
    text = page(results, scenario_of(results.manifest))
    told = section(text, "explain")
    tied = DATA.findall(told)
    assert len(tied) > 60
    assert {each[1] for each in tied} == {f"report/{name}"}
    check_tied(DATA.findall(text), lambda table: read_table(folder, table))
    assert re.findall(r"\d+", re.sub(r"\d{4}-\d\d|<svg.*?</svg>|<[^>]+>", " ", re.sub(DATA, "", prose(told)))) == []
    assert told.count("<figure>") == 4
    assert told.count('<rect class="bar') >= 1 + len(SWITCHES) + 1 + 2 + len(AGES) + len(INCOMES)
    assert f"<li><code>report/{name}.csv</code></li>" in text
    assert text.index('id="actors"') < text.index('id="explain"') < text.index('id="rules"')


def prose(told: str) -> str:
    """A section without its notes, headings and heads of lines."""
    return re.sub(r'<p class="(?:note|under)">.*?</p>|<th\b.*?</th>|<h3>.*?</h3>', "", told, flags=re.DOTALL)


@pytest.mark.long
def test_from_the_command_line(small_run: Path, tmp_path: Path):
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    sizes = ["--families", "30", "--replications", "1", "--threads", "1"]
    done = CliRunner().invoke(app, ["explain", str(folder), "visit_share", "--tier", "centre", *sizes])
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("7 runs of the baseline and cheap, 1 replication(s) of 30 families: about ")
    table = read_table(folder, "report/explain.visit_share")
    assert set(table["tier"]) == {"centre"}
    assert set(table["families"]) == {30}
    assert table["low"].isna().all()
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "where a difference comes from" in section(report, "explain").lower()
    assert "30</data> families" in section(report, "explain")


def test_a_run_of_one_arm_has_nothing_to_explain(small_run: Path):
    results = Results.open(small_run)
    results.__dict__["manifest"] = {**results.manifest, "finished": {"baseline": [0]}}
    with pytest.raises(Exception, match="needs the baseline and a reform"):
        wanted(results, INDICATOR, None, {})
    assert isinstance(results.monthly, pd.DataFrame)
