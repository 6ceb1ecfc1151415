"""Every benefit rule has a file of examples that policy staff can check by hand, to the fen."""

import importlib
import pkgutil
from pathlib import Path

import numpy as np
import pytest
import yaml

import simulator.benefit.rules as package
from simulator.benefit.cover import COVER
from simulator.benefit.rule import found
from simulator.core.meanings import meaning

FOLDER = Path(__file__).parent / "rules"
RULES = sorted(m.name for m in pkgutil.iter_modules(package.__path__))


def test_every_rule_has_its_case_file():
    assert sorted(f.stem for f in FOLDER.glob("*.yaml")) == RULES


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_documented(name):
    room = found()[name]
    assert room.source
    assert room.bill.fen > 0
    if room.model:
        assert room.model.__doc__
        assert all(meaning(room.model, name) for name in room.model.model_fields)
        assert room.model.model_config["extra"] == "forbid"
        assert room.model.model_config["frozen"]


def cases() -> list:
    files = {
        name: yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
        for name in RULES
        if (FOLDER / f"{name}.yaml").exists()
    }
    return [
        pytest.param(name, file["function"], case, id=f"{name}: {case['name']}")
        for name, file in files.items()
        for case in file["cases"]
    ]


def row(**columns: float) -> np.record:
    """A row of the cover table with these columns, the others as they are where nothing is said."""
    made = COVER.rows(1)[0]
    for name, value in columns.items():
        made[name] = value
    return made


@pytest.mark.parametrize(("module", "function", "case"), cases())
def test_case(module, function, case):
    call = getattr(importlib.import_module(f"{package.__name__}.{module}"), function)
    assert call.__doc__
    found = call(*(row(**each) if isinstance(each, dict) else each for each in case["of"].values()))
    # money is whole fen; a share or a felt cost is a number with a point
    assert (
        found == pytest.approx(case["gives"], rel=1e-12) if isinstance(case["gives"], float) else found == case["gives"]
    )
