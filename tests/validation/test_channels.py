"""Headline results by channel: the same parts as `tiercare explain --channels` gives, and none before all is run."""

import math

import pytest

from simulator.study.explain.by_channel import OneChannel, by_channel
from simulator.study.intervals import interval
from simulator.study.kept import keeping, run_kept, takes
from simulator.study.run import run
from simulator.validation import channels
from simulator.validation.channels import ByChannels, alliances_tried, channels_told
from simulator.validation.robust import by_scenario, headlines
from simulator.validation.run import Validation
from simulator.validation.tables import read_rows, rows_of, write_tables
from simulator.validation.words import lines_of

NAME = "programmes/zhejiang_county_community"
SHORT = (
    "time.warm_up=1 months",
    "time.start=2017-12",
    "time.end=2018-02",
    "analysis.no_channels=[information, naming, prices, shared_drugs, shared_staff, way_up]",
)


def test_they_are_those_of_explain(tmp_path, monkeypatch):
    whole, mine = channels.load, {NAME: by_scenario()[NAME]}
    monkeypatch.setattr(channels, "by_scenario", lambda: mine)
    monkeypatch.setattr(
        channels, "load", lambda file, changes=(), families=None: whole(file, (*SHORT, *changes), families)
    )
    (alliance,) = alliances_tried(60)
    assert alliance.arm == "community_budget"
    assert alliance.channels == ("waits", "way_down")
    assert len(alliance.variants) == 4  # with both, with none, and with either
    task = keeping(alliance.variants, tmp_path, 5)
    assert channels_told(alliance, task, 2, interval) == []
    assert takes(task, 2, 1) > 0
    run_kept(task, 2, threads=1)
    assert takes(task, 2, 1) == 0
    told = {each.headline: each for each in channels_told(alliance, task, 2, interval)}
    scenario = alliance.variants[0].scenarios[0]
    results = run(scenario, replications=2, seed=5, arms=["baseline", alliance.arm], threads=1, out=tmp_path / "run")
    there = by_channel(results, alliance.arm, ("primary_share_of_visits", "", "", "", ""), threads=1)
    share = told["budget_primary_share"]
    assert share.difference == pytest.approx(there.difference)
    assert share.none == pytest.approx(there.none)
    assert share.level == pytest.approx(there.level)
    for one, other in zip(share.parts, there.channels, strict=True):
        assert one.channel == other.channel
        assert one.adds == pytest.approx(other.adds)
        assert one.carries == pytest.approx(other.carries)


def test_every_headline_of_an_alliance_against_the_baseline_is_taken_apart():
    (alliance,) = alliances_tried(20)
    mine = [name for name, each in by_scenario()[NAME].items() if each.against == "baseline"]
    assert list(alliance.variants[0].headlines) == mine
    assert {"budget_primary_share", "budget_charge"} <= set(mine) < set(headlines())


@pytest.mark.usefixtures("english")
def test_shares_are_told_in_points_and_others_as_a_share_of_the_baseline(tmp_path):
    part = OneChannel("waits", (0.01, 0.005, 0.015), (0.02, 0.01, 0.03))
    money = OneChannel("waits", (-60.0, -90.0, -30.0), (math.nan, math.nan, math.nan))
    found = Validation(
        channels=(
            ByChannels("budget_primary_share", 0.5, (0.04, 0.03, 0.05), (0.0, 0.0, 0.0), (part,)),
            ByChannels("budget_charge", 6000.0, (-300.0, -330.0, -270.0), (-180.0, -210.0, -150.0), (money,)),
        )
    )
    write_tables(found, tmp_path, "tiercare validate --channels")
    rows = read_rows(tmp_path / "channels.csv")
    assert rows == rows_of(found)["channels"]
    lines = lines_of("channels", rows)
    assert [line[1:] for line in lines[:3]] == [
        ["waits of the referred", "+1.0 pp", "+0.5 pp … +1.5 pp", "+2.0 pp", "+1.0 pp … +3.0 pp"],
        ["without any channel", "+0.0 pp", "+0.0 pp … +0.0 pp", "–", "–"],
        ["whole difference", "+4.0 pp", "+3.0 pp … +5.0 pp", "–", "–"],
    ]
    assert lines[3][2:] == ["-1.0 %", "-1.5 % … -0.5 %", "–", "–"]
    assert lines[5][2] == "-5.0 %"
