"""An arm that forms an alliance is taken apart by its channels, by runs on the same people and draws."""

import re
import shutil
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.alliance.channels import CHANNELS
from simulator.cli import app
from simulator.core.errors import UserError
from simulator.core.messages import LANGUAGES, use
from simulator.report.by_channel import channel_tables
from simulator.report.page.channelled import not_asked
from simulator.report.page.page import page
from simulator.scenario import load
from simulator.study.explain.by_channel import ByChannel, OneChannel, acting, by_channel, forming
from simulator.study.explain.channel_table import keep, kept
from simulator.study.manifest import scenario_of
from simulator.study.results import Results
from simulator.study.run import run
from tests.report.numbers import DATA, check_tied, read_table, section
from tests.small import AMPLE, COUNTY, SHORT

pytestmark = pytest.mark.usefixtures("english")
SERIES = ("primary_share_of_visits", "", "", "", "")
GROUP = "alliances: {group: {form: county_community, lead: county_1, members: {below: county_1}, tightness: 0}}"
PRICES = "adjustments: {more: {for: {tiers: primary}, fund_pays: +5 pp}}"


def place(*rules: str, changes: tuple[str, ...] = (), **arms: str):
    """A scenario in which arm ``group`` has these rules from the first month on."""
    made = {"group": ", ".join(rules)} | arms
    reforms = ", ".join(
        f"{name}: {{title: {{en: {name}, zh: {name}}}, timeline: {{2023-01: {{{text}}}}}}}"
        for name, text in made.items()
    )
    return load("base", changes=[SHORT, COUNTY, *AMPLE, *changes, f"reforms={{{reforms}}}"], families=40, months=4)


def only(*strong: str) -> tuple[str, ...]:
    """Changes by which no channel but these has any strength."""
    names = {name: each.channel.parameters for name, each in CHANNELS.items() if name not in strong}
    return tuple(f"behaviour.parameters.{par}=0" for pars in names.values() for par in pars)


def test_which_arms_form_alliances_and_by_which_channels_they_act():
    scenario = place(GROUP, cheap=PRICES, staffed=GROUP.replace("tightness: 0", "tightness: 0, unified: [staff]"))
    assert forming(scenario) == ["group", "staffed"]
    mine = ["information", "naming", "waits", "way_down", "way_up"]
    assert sorted(acting(scenario, "group")) == mine
    assert sorted(acting(scenario, "staffed")) == sorted([*mine, "shared_staff"])
    assert acting(place(GROUP, PRICES, changes=only("waits")), "group") == ["prices", "waits"]
    assert acting(place(GROUP, changes=("analysis.no_channels=[waits, way_up]",)), "group") == [
        "information", "naming", "way_down",
    ]  # fmt: skip


def test_alliances_that_the_baseline_has_too_are_not_taken_apart():
    changes = (f"baseline.{GROUP.replace(': ', '=', 1)}",)
    assert forming(place(GROUP, changes=changes)) == []
    assert forming(place(GROUP.replace("tightness: 0", "tightness: 0.5"), changes=changes)) == ["group"]


@pytest.fixture(scope="module")
def two_channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with an arm whose alliance acts by effort and by prices."""
    scenario = place(GROUP, PRICES, changes=only("way_up"))
    out = tmp_path_factory.mktemp("channels") / "run"
    return run(scenario, replications=2, out=out, workers=1, threads=1).folder


@pytest.mark.long
def test_parts_are_differences_of_runs(two_channels: Path):
    """Of two channels, what one carries of the whole is what it adds to the other: the whole is none + one + other."""
    results = Results.open(two_channels)
    found = by_channel(results, "group", SERIES, threads=1)
    summary = results.summary
    row = summary[(summary["arm"] == "group") & (summary["indicator"] == SERIES[0])].iloc[0]
    assert found.difference[0] == pytest.approx(row["difference"])
    assert found.none[0] == pytest.approx(0, abs=1e-12), "a name alone moves nobody"
    prices, effort = found.channels
    assert (prices.channel, effort.channel) == ("prices", "way_up")
    assert found.difference[0] == pytest.approx(found.none[0] + prices.adds[0] + effort.carries[0])
    assert found.difference[0] == pytest.approx(found.none[0] + effort.adds[0] + prices.carries[0])
    assert prices.adds[0] != 0
    again = by_channel(results, "group", SERIES, replications=2, threads=1)
    assert again == found, "the whole is the same whether it is read off the run or run again"


def test_an_arm_without_alliances_is_refused(small_run: Path):
    with pytest.raises(UserError, match="`cheap` forms no alliance"):
        by_channel(Results.open(small_run), "cheap", SERIES)
    done = CliRunner().invoke(app, ["explain", str(small_run), SERIES[0], "--channels"])
    assert done.exit_code == 2
    assert "`cheap` forms no alliance" in done.stderr


MADE = ByChannel(
    "cheap", SERIES, "2023-01", "2023-08", 2, 80, 0.5, (0.02, 0.01, 0.03), (0.004, nan, nan),
    [OneChannel("waits", (0.001, -0.002, 0.003), (0.0, -0.001, 0.002)),
     OneChannel("prices", (0.01, 0.005, 0.02), (0.012, 0.006, 0.02))],
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_kept_and_told_on_the_screen(tmp_path: Path, language: str):
    from rich.console import Console

    keep(Results(tmp_path), MADE)
    keep(Results(tmp_path), MADE)
    assert repr(list(kept(tmp_path))) == repr([MADE])
    use(language)
    console = Console(width=160)
    with console.capture() as told:
        for each in channel_tables(MADE):
            console.print(each)
    assert "channels." not in told.get()
    assert CHANNELS["prices"].channel.text.localized in told.get()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_tells_it_and_its_numbers_stand_in_the_table(small_run: Path, tmp_path: Path, language: str):
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    results = Results.open(folder)
    name = keep(results, MADE).stem
    use(language)
    text = page(results, scenario_of(results.manifest))
    told = section(text, "explain")
    tied = DATA.findall(told)
    assert {each[1] for each in tied} == {f"report/{name}"}
    check_tied(DATA.findall(text), lambda table: read_table(folder, table))
    assert told.count("<figure>") == 1
    assert told.count('<rect class="bar') >= 5
    assert CHANNELS["prices"].channel.text.localized in told
    assert "channels." not in re.sub(r"report/channels\.\w+", "", told)


def test_a_report_says_how_to_get_it(tmp_path: Path):
    scenario = place(GROUP, cheap=PRICES, other=GROUP)
    words = {"baseline": "Now", "group": "Group", "cheap": "Cheap", "other": "Other"}
    text = not_asked(tmp_path, scenario, words) or ""
    assert "“Group”, “Other”" in text
    assert f"tiercare explain {tmp_path.name} primary_share_of_visits --arm group --channels" in text
    keep(Results(tmp_path), replace(MADE, arm="group"))
    assert "--arm other" in (not_asked(tmp_path, scenario, words) or "")
    keep(Results(tmp_path), replace(MADE, arm="other"))
    assert not_asked(tmp_path, scenario, words) is None
    assert not_asked(tmp_path, place(PRICES), words) is None


def test_from_the_command_line(two_channels: Path, tmp_path: Path):
    folder = tmp_path / "run"
    shutil.copytree(two_channels, folder)
    done = CliRunner().invoke(app, ["explain", str(folder), SERIES[0], "--channels", "--threads", "1"])
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("3 runs for the channels of the alliance of group, 2 replication(s) of 40 families")
    assert set(read_table(folder, f"report/channels.{SERIES[0]}")["group"]) == {"", "prices", "way_up"}
    assert "by channel of the alliance" in section((folder / "report.html").read_text(encoding="utf-8"), "explain")
