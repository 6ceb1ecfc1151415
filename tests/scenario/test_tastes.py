"""Tastes can be changed one by one, by files, changes and studies, and both engines live with the changed ones."""

import numpy as np
import pytest

from simulator.core.behaviour import row, tastes
from simulator.scenario.compile.build import build
from simulator.scenario.load import load
from tests.small import Spec, answer, scenario


@pytest.mark.parametrize("taste", tastes(), ids=lambda taste: taste.name)
def test_every_taste_lies_where_its_unit_allows(taste) -> None:
    low, high = taste.bounds
    assert low <= taste.value <= high


def test_a_changed_taste_changes_itself_only() -> None:
    world = build(scenario(Spec(("behaviour.tastes.misperception=0.05", "behaviour.tastes.go=-0.9"), families=300)))
    usual = row()
    changed = {name for name in usual.dtype.names if world.behaviour[name] != usual[name]}
    assert changed == {"misperception", "go"}
    assert (world.behaviour["misperception"][0], world.behaviour["go"][0]) == (0.05, -0.9)


def test_the_word_and_the_block_mean_the_same() -> None:
    word = load("base", ["behaviour=prototype", "behaviour.tastes.trust=2"])
    block = load("base", ["behaviour={set: prototype, tastes: {trust: {value: 2, source: a guess of ours}}}"])
    assert word.behaviour == block.behaviour
    assert block.origins["behaviour.tastes.trust"].source == "a guess of ours"
    assert word.behaviour.tastes == {"trust": 2.0}


def test_both_engines_live_with_a_changed_taste() -> None:
    spec = Spec((*Spec().changes, "behaviour.tastes.misperception=0.02", "behaviour.tastes.trust=4.5"), families=60)
    found = answer(spec)
    assert answer(spec, engine="agents") == found
    assert answer(spec._replace(changes=Spec().changes)) != found


def test_the_row_has_a_column_for_each() -> None:
    assert row().dtype.names == tuple(taste.name for taste in tastes())
    assert np.isfinite([row()[name][0] for name in row().dtype.names]).all()
