"""Behavioural parameters can be changed one by one, by files, changes and studies; both engines live with them."""

import numpy as np
import pytest

from simulator.core.behaviour import parameters, row
from simulator.scenario.compile.build import build
from simulator.scenario.load import load
from tests.small import Spec, answer, scenario


@pytest.mark.parametrize("parameter", parameters(), ids=lambda each: each.name)
def test_every_parameter_lies_where_its_unit_allows(parameter) -> None:
    low, high = parameter.bounds
    assert low <= parameter.value <= high


def test_a_changed_parameter_changes_itself_only() -> None:
    world = build(
        scenario(Spec(("behaviour.parameters.misperception=0.05", "behaviour.parameters.go=-0.9"), families=300))
    )
    usual = row()
    changed = {name for name in usual.dtype.names if world.behaviour[name] != usual[name]}
    assert changed == {"misperception", "go"}
    assert (world.behaviour["misperception"][0], world.behaviour["go"][0]) == (0.05, -0.9)


def test_the_word_and_the_block_mean_the_same() -> None:
    word = load("base", ["behaviour=prototype", "behaviour.parameters.trust=2"])
    block = load("base", ["behaviour={set: prototype, parameters: {trust: {value: 2, source: a guess of ours}}}"])
    assert word.behaviour == block.behaviour
    assert block.origins["behaviour.parameters.trust"].source == "a guess of ours"
    assert word.behaviour.parameters == {"trust": 2.0}


def test_both_engines_live_with_a_changed_parameter() -> None:
    spec = Spec(
        (*Spec().changes, "behaviour.parameters.misperception=0.02", "behaviour.parameters.trust=4.5"), families=60
    )
    found = answer(spec)
    assert answer(spec, engine="agents") == found
    assert answer(spec._replace(changes=Spec().changes)) != found


def test_the_row_has_a_column_for_each() -> None:
    assert row().dtype.names == tuple(each.name for each in parameters())
    assert np.isfinite([row()[name][0] for name in row().dtype.names]).all()
