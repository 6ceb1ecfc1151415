"""Buttons: every option is a rule, what needs another is off without it, steps say what changed, codes say all."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.classroom.controls import HORIZON, chosen, controls, label, scenario_text, timeline, today
from simulator.classroom.county import scenario_of
from simulator.classroom.sessions import Session, history, read_code, steps

OPTIONS = [(name, option) for name, control in controls().items() for option in control.options]
LETTERS = st.sampled_from(OPTIONS)
CHANGES = st.dictionaries(st.integers(0, HORIZON - 1), st.lists(LETTERS, min_size=1, max_size=4).map(dict), max_size=4)


def allowing(name: str) -> dict[str, str]:
    """Options that a control needs."""
    needs = controls()[name].needs
    if needs is None:
        return {}
    control = controls()[needs]
    return {needs: next(o for o in control.options if o not in controls()[name].without)} | allowing(needs)


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_can_be_chosen_and_taken_back(name: str, option: str) -> None:
    first = controls()[name].options[0]
    changes = {3: allowing(name) | {name: option}, 9: {name: first}, 12: {name: option}}
    scenario = scenario_of(scenario_text({"b": history(changes)}, 200))
    assert scenario.doubts == ()
    assert scenario.warnings == ()
    if option != first:
        dates = [state.month for state in scenario.states("b")]
        assert {label(3), label(9), label(12)} <= set(dates)


def test_what_needs_another_is_off_without_it() -> None:
    alone = history({2: {"budget": "kept", "ratchet": "all", "audit": "high"}})
    assert chosen(alone, 5) == today()
    assert timeline(alone) == {}
    both = history({2: {"budget": "kept"}, 4: {"team": "truly"}, 8: {"team": "none"}})
    assert set(timeline(both)) == {label(4), label(8)}
    assert timeline(both)[label(8)] == {
        "alliances": {"county_community": "remove"},
        "settlements": {"budget": "remove"},
    }


@given(CHANGES)
def test_any_history_is_a_valid_scenario(changes: dict[int, dict[str, str]]) -> None:
    scenario = scenario_of(scenario_text({"b": history(changes)}, 200))
    assert set(scenario.arms) <= {"baseline", "b"}


@given(CHANGES, CHANGES)
def test_a_code_says_all(a: dict[int, dict[str, str]], b: dict[int, dict[str, str]]) -> None:
    session = Session(2000, 7, {"a": history(a), "b": history(b)})
    assert read_code(session.code) == (2000, 7, session.sides)


def test_acts_are_in_the_code() -> None:
    mine = history({4: {"act.1.send": 2, "act.19.manage": None}, 5: {"near": "high"}})
    assert steps(mine) == "04A1.204F19.x05a2"
    assert read_code(Session(300, 1, {"a": (), "b": mine}).code) == (300, 1, {"a": (), "b": mine})


@pytest.mark.parametrize(
    "code", ["", "x", "2000-1", "2000-1-03a9-", "2000-1-99a1-", "2000-1-03Z1.1-", "2-1--", "2000-1-03a2"]
)
def test_a_wrong_code_is_none(code: str) -> None:
    assert read_code(code) is None


def test_a_change_forgets_later_ones_and_can_be_undone() -> None:
    session = Session(200, 1)
    session.change("b", 5, "near", "high")
    session.change("b", 9, "far", "less")
    before = session.sides
    session.change("b", 7, "near", "low")
    assert [when for when, _ in session.sides["b"]] == [5, 7]
    session.undo()
    assert session.sides == before
    session.undo()
    session.undo()
    session.undo()
    assert session.sides == {"a": (), "b": ()}


def test_the_file_says_what_it_is() -> None:
    said = yaml.safe_load(scenario_text({"a": (), "b": history({3: {"near": "high"}})}, 800))
    assert said["population"]["families"] == 800
    assert list(said["reforms"]) == ["b"]
