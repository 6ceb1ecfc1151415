"""What is dumped is read back as it was: manifests, frozen studies and repeated tasks hold scenarios as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.naming import normal
from simulator.scenario import load
from simulator.scenario.language.merge import plain
from simulator.scenario.language.strict_yaml import read, written

SIGNS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
TEXTS = st.text(SIGNS, min_size=1, max_size=12).map(normal)
TREES = st.recursive(
    TEXTS | st.booleans() | st.sampled_from(["yes", "1", "0x1", "~", "2024-01", "v1.2", "<<", "null"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS | st.sampled_from(["v1.2", "yes", "12", "a b", "是"]), TREES, min_size=1, max_size=4))
def test_read_back(said):
    said.pop("<<", None)
    assert not said or plain(read(written(said), "dump.yaml")) == said


@pytest.mark.parametrize("name", ["base", "payment_designs"])
def test_a_resolved_scenario_is_read_back(name, tmp_path):
    scenario = load(name)
    file = tmp_path / f"{name}.yaml"
    file.write_text(written(scenario.resolved()), encoding="utf-8")
    assert load(file).resolved() == scenario.resolved()
