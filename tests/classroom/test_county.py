"""Months of the classroom: the same numbers as a run, whatever was lived before; the hands of students; stories."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.classroom import county as room
from simulator.classroom.controls import History, scenario_text, written
from simulator.classroom.county import County
from simulator.classroom.sessions import Session, history
from simulator.count.indicators.catalogue import INDICATORS
from simulator.scenario import load
from simulator.study.run import run

FAMILIES, MONTHS = 200, 8
REFORM = history({2: {"near": "high", "team": "truly", "budget": "kept", "contract": "serve"}, 5: {"stays": "case"}})
CHILDREN = history({1: {"children": "open"}, 4: {"children": "none", "teach": "paid"}})


@pytest.fixture(scope="module")
def county() -> County:
    return County(FAMILIES)


def test_the_same_numbers_as_a_run(county: County, tmp_path: Path) -> None:
    sides = {"a": CHILDREN, "b": REFORM}
    file = tmp_path / "classroom.yaml"
    file.write_text(scenario_text(sides, FAMILIES), encoding="utf-8")
    results = run(load(file, months=MONTHS), replications=1, out=tmp_path / "run", workers=1, threads=1)
    monthly = results.monthly.fillna("")
    for side, mine in (*sides.items(), ("baseline", ())):
        lived = [county.month(mine, month)["values"] for month in range(MONTHS)]
        rows = monthly[monthly["arm"] == side]
        dates = sorted(rows["month"].unique())
        compared = 0
        for name, series in written("series").items():
            at = rows[rows["indicator"] == series["indicator"]]
            for by in ("tier", "plan", "part", "alliance"):
                at = at[at[by] == series.get(by, "")]
            found = dict(zip(at["month"], at["value"], strict=True))
            for month, date in enumerate(dates):
                assert (date in found) == (name in lived[month])
                if date in found:
                    assert lived[month][name] == float(f"{found[date]:.6g}")
                    compared += 1
        assert compared > 10 * MONTHS


def test_a_month_does_not_depend_on_what_was_lived_before(county: County) -> None:
    forward = [county.month(REFORM, month) for month in range(MONTHS)]
    other = County(FAMILIES)
    assert other.month(REFORM, MONTHS - 1) == forward[-1]
    assert other.month(REFORM, 3) == forward[3]
    county.month(CHILDREN, 4)
    assert county.month(REFORM, 6) == forward[6]


def test_few_worlds_are_kept(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = county.month(REFORM, 7)
    monkeypatch.setattr(room, "RECENT", 1)
    monkeypatch.setattr(room, "OLDER", 1)
    small = County(FAMILIES)
    for month in range(7):
        small.month(REFORM, month)
    small.month((), 0)
    assert len(small.recent) <= 1
    assert len(small.older) <= 1
    assert small.month(REFORM, 7) == expected


def test_money_closes(county: County) -> None:
    for month in range(3):
        frame = county.month(REFORM, month)
        assert abs(sum(frame["money"].values())) <= len(frame["money"])
        assert all(paid >= 0 for paid in frame["fifths"])


def with_acts(changes: dict[int, dict]) -> History:
    return history(changes)


def test_a_student_holds_what_the_model_would_decide(county: County) -> None:
    hospital = county.hello()["tier"].index(2)
    mine = with_acts({1: {f"act.{hospital}.send": 2, f"act.{hospital}.upcode": 1}, 4: {f"act.{hospital}.send": None}})

    def does(changes: History, month: int) -> Callable[[str], float]:
        shown = {each["name"]: each["value"] for each in county.at(changes, month, hospital)["shown"]}
        return shown.__getitem__

    assert does(mine, 0)("send") == does((), 0)("send")
    assert does(mine, 2)("send") == 1.0
    assert does(mine, 2)("upcode") == 0.3
    assert 0 < does(mine, 4)("send") < 1  # the model's own again, on its way back
    assert does(mine, 4)("upcode") == 0.3


def test_a_family_is_told(county: County) -> None:
    households = county.households()
    assert len(households) >= 5
    told = county.story(REFORM, 5, households["villagers"], 6)
    assert [month["month"] for month in told["months"]] == [f"2017-{m:02d}" for m in range(1, 7)]
    episodes = [each for month in told["months"] for each in month["episodes"]]
    assert episodes
    for each in episodes:
        assert sum(option["drawn"] for option in each["options"]) == pytest.approx(1, abs=0.05) or not each["options"]


def test_a_file_of_the_classroom_opens(county: County) -> None:
    session = Session(FAMILIES, 1, {"a": (), "b": with_acts({2: {"near": "high", "act.1.send": 1}})})
    text = f"# classroom: {session.code}\n" + scenario_text(session.sides, FAMILIES)
    assert county.opened(text) == {"code": session.code, "errors": []}
    changed = text.replace("fund_pays: 90%", "fund_pays: 91%")
    assert county.opened(changed) == {"code": "", "errors": []}
    wrong = county.opened(text.replace("timeline:", "timelin:"))
    assert wrong["code"] == ""
    assert "timelin" in wrong["errors"][0]
    assert county.opened("format: 1\nx: &a 1\ny: *a\n")["errors"]


def test_series_are_indicators() -> None:
    assert {series["indicator"] for series in written("series").values()} <= set(INDICATORS)
