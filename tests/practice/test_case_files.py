"""Every act of providers has a file of examples that can be checked by hand, and says what it is."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from simulator.core import behaviour
from simulator.core.names import TIERS
from simulator.core.table import Columns
from simulator.engine.state.facilities import FACILITIES
from simulator.practice.acts import ACTS, SEEN, decide_all, shown
from simulator.practice.beliefs import BELIEFS
from simulator.practice.reads import reads

FOLDER = Path(__file__).parent / "actions"
PAR = behaviour.row()
WHERE = [
    (tier, beds, below, contract) for tier in (0, 1, 2, 3) for beds in (0, 9) for below in (0, 5) for contract in (0, 1)
]


def row(columns: Columns, values: dict[str, Any]) -> np.record:
    made = columns.rows(1)
    for name, value in values.items():
        made[name][0] = value
    return made[0]


def test_every_act_has_its_case_file():
    assert sorted(file.stem for file in FOLDER.glob("*.yaml")) == sorted(ACTS)


def cases() -> list:
    files = {name: yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")) for name in ACTS}
    return [pytest.param(name, case, id=f"{name}: {case['name']}") for name, file in files.items() for case in file]


@pytest.mark.parametrize(("name", "case"), cases())
def test_case(name: str, case: dict):
    of = dict(case["of"])
    rows = row(FACILITIES, of.pop("facility")), row(BELIEFS, of.pop("belief")), PAR[0]
    found = getattr(ACTS[name], case.get("function", "goal"))(*rows, *of.values())
    assert found == pytest.approx(case["gives"], rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", ACTS)
def test_every_act_says_what_it_is(name: str):
    """A sentence with the Chinese term and the goal; texts in both languages; a margin where one is reported."""
    found = ACTS[name]
    assert re.match(r"[A-Z][^\n]*\([\u4e00-\u9fff]+\)", found.about)
    assert "goal" in found.about
    assert found.goal.__doc__
    assert found.act.column.meaning
    assert found.margin or name not in SEEN
    for how in (*found.act.shown.values(), *([SEEN[name].shown] if name in SEEN else [])):
        for text in filter(None, (how.text, how.short)):
            assert text.en
            assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert set(how.tiers) <= set(TIERS)
    assert set(found.act.shown) <= set(found.act.results)


def test_names_are_given_once():
    """No two acts share a column of the table or of results."""
    columns = [found.act.column.name for found in ACTS.values()]
    results = [name for found in ACTS.values() for name in found.act.results] + [seen.name for seen in SEEN.values()]
    assert len(columns) == len(set(columns))
    assert len(results) == len(set(results))
    assert len({(name, tier) for _, name, _, how in shown() for tier in how.tiers}) > 20


@pytest.mark.parametrize("name", ACTS)
def test_a_goal_reads_what_there_is(name: str):
    """Columns of facilities, beliefs and parameters that exist; of what other acts decide only what comes before it."""
    read = reads(ACTS[name].goal)
    assert read["facility"] <= set(FACILITIES.dtype.names)
    assert read["belief"] <= set(BELIEFS.dtype.names)
    assert read["par"] <= set(PAR.dtype.names)
    others = {found.act.column.name: other for other, found in ACTS.items() if other != name}
    assert {others[column] for column in read["facility"] & set(others)} <= set(ACTS[name].act.after)


@pytest.mark.parametrize("name", ACTS)
def test_only_who_can_decides(name: str):
    """The column moves nowhere but where the act can be done, or ends there."""
    act = ACTS[name].act
    start = FACILITIES.rows(len(WHERE))
    start["tier"], start["bed_days"], start["below"], start["contract"] = np.array(WHERE).T
    start["doctors"], start["outpatient_parts"], start["inpatient_parts"] = 5, 1 / 3, 1 / 3
    start[act.column.name] += 0.01
    beliefs = BELIEFS.rows(len(WHERE))
    for column in BELIEFS.columns:
        beliefs[column.name] = 400.0 if column.unit.startswith("yuan") else 1.0
    beliefs["penalty"] = 0.0
    now = start.copy()
    decide_all(now, beliefs, PAR, 0, len(now))
    can = np.array([act.where.holds(facility) for facility in start])
    moved = (now[act.column.name] != start[act.column.name]).reshape(len(can), -1).any(axis=1)
    assert can.any()
    assert moved[can].any()
    assert (now[act.column.name][~can] == (0.0 if act.ends else start[act.column.name][~can])).all()
