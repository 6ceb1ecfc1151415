"""Every service has a file of examples that can be checked by hand, and says what it is."""

import inspect
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml
from pydantic import BaseModel, TypeAdapter

from simulator.core import behaviour
from simulator.core.clock import CLOCK
from simulator.core.rooms import rooms
from simulator.core.table import Columns
from simulator.declare.books import BOOKS
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.state.people import FAMILIES, PEOPLE, RARE
from simulator.practice.beliefs import BELIEFS
from simulator.scenario import load
from simulator.services.service import Residents
from simulator.services.services import FOLDER, SERVICES

FILES = Path(__file__).parent / "kinds"
ROOMS = rooms(FOLDER)
ROWS = {"person": PEOPLE, "rare": RARE, "family": FAMILIES, "episode": EPISODES, "clock": CLOCK} | dict.fromkeys(
    ("home", "doctor", "facility", "sender", "receiver", "hospital"), FACILITIES
)
TABLES = {"facilities": FACILITIES, "fac": FACILITIES, "beliefs": BELIEFS}


def test_every_service_has_its_case_file():
    assert sorted(file.stem for file in FILES.glob("*.yaml")) == sorted(SERVICES)


def cases() -> list:
    files = {name: yaml.safe_load((FILES / f"{name}.yaml").read_text(encoding="utf-8")) for name in SERVICES}
    return [pytest.param(name, case, id=f"{name}: {case['name']}") for name, file in files.items() for case in file]


def table(columns: Columns, rows: list[dict[str, Any]]) -> np.ndarray:
    made = columns.rows(len(rows))
    for row, values in zip(made, rows, strict=True):
        for name, value in values.items():
            row[name] = value
    return made


def argument(service: str, name: str, said: Any) -> Any:
    """What a function is given as ``name``: rows and tables by column, parameters and terms by name."""
    if name in TABLES:
        return table(TABLES[name], said)
    if name in ROWS and isinstance(said, dict):
        return table(ROWS[name], [said])[0]
    if name == "par":
        return behaviour.row("prototype", said)[0]
    if name == "terms" and said is not None:
        return TypeAdapter(SERVICES[service].service.terms).validate_python(said)
    if name == "residents":
        facts = {"by_age": np.zeros(101), "employed": 0.0, "job_plans": 0} | said
        return Residents(**facts | {"by_age": np.asarray(facts["by_age"])})
    if name == "billed":
        return billed(**said)
    return said


def billed(cases: Any = (), **facts: Any) -> SimpleNamespace:
    """Bills of a month: facts of the market, and cases by facility and plan."""
    activity = {key: np.array(values) for key, values in facts.pop("activity", {}).items()}
    facts = {key: np.array(value) if isinstance(value, list) else value for key, value in facts.items()}
    market = SimpleNamespace(activity=activity, by_plan=lambda _: np.array(cases), **facts)
    return SimpleNamespace(market=market, counts=np.zeros((1, len(BOOKS)), np.int64))


def plain(given: Any) -> Any:
    """What a function gave, in the words of YAML."""
    if inspect.isgenerator(given):
        return [[*each[:3], each.fen.tolist()] for each in given]
    return given.tolist() if isinstance(given, np.ndarray) else given


def close(found: Any, expected: Any) -> bool:
    if expected is None or (isinstance(expected, list) and expected and isinstance(expected[0], list)):
        return found == expected
    return found == pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize(("name", "case"), cases())
def test_case(name: str, case: dict):
    function = getattr(ROOMS[name], case["function"])
    of = {"rare": {}} | case["of"]
    given = {each: argument(name, each, of[each]) for each in inspect.signature(function).parameters}
    found = plain(function(*given.values()))
    assert close(found, case.get("gives"))
    for each, said in case.get("then", {}).items():
        for row, wanted in zip(given[each] if each in TABLES else [given[each]], np.atleast_1d(said), strict=True):
            assert {column: row[column] for column in wanted} == pytest.approx(wanted)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_what_it_is(name: str):
    """A sentence with the Chinese term, a source, texts in both languages, what each function does."""
    found = SERVICES[name]
    assert re.match(r"[A-Z][^\n]*\([\u4e00-\u9fff、]+\)", found.about)
    assert found.service.source
    assert all(inspect.getdoc(act) for act in found.does.values())
    for indicator in found.service.indicators:
        assert indicator.text.en
        assert re.search(r"[\u4e00-\u9fff]", indicator.text.zh)


@pytest.mark.parametrize("name", [name for name, found in SERVICES.items() if found.service.terms is not None])
def test_terms_have_an_example_that_loads(name: str, tmp_path: Path):
    file = tmp_path / "example.yaml"
    head = "format: 1\nextends: base.yaml\ntitle: {en: Example, zh: 例}\ndescription: {en: Example., zh: 例。}\n"
    file.write_text(head + SERVICES[name].service.example, encoding="utf-8")
    said = getattr(load(str(file)).baseline.services, name)
    assert said not in (None, SERVICES[name].service.off)
    assert isinstance(said, BaseModel | float)


def test_what_few_rules_keep_of_a_person_begins_at_zero():
    """The table is not written before somebody has something: a default would never be seen."""
    assert RARE.one.tobytes() == bytes(RARE.one.nbytes)


def test_names_are_given_once():
    """No two services share a column of a table, an event or an indicator, and none has one that was there."""
    for columns in (FACILITIES, FAMILIES, PEOPLE, RARE, EPISODES):
        names = [column.name for column in columns.columns]
        assert len(names) == len(set(names)), columns.title
