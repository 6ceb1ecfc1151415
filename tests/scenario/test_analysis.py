"""Switches of an analysis: what is taken out carries nothing any more, in every arm, and nothing else changes."""

from pathlib import Path

import numpy as np
import pytest

from simulator.core import behaviour
from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.scenario.schema.analysis import TRUSTED, UNEQUAL, Analysis, without
from tests.small import COUNTY, SHORT, Spec, answer, model, scenario, world

SPEC = Spec((SHORT, COUNTY), families=60, months=3)


def switched(*switches: str, **more) -> Spec:
    return Spec((*SPEC.changes, *(f"analysis.{s}" for s in switches)), SPEC.families, SPEC.months)._replace(**more)


def test_words_are_on_and_off_and_nothing_else(tmp_path: Path):
    """In a file, after --set, and inline; `on` stays refused elsewhere."""
    assert scenario(SPEC).analysis == Analysis()
    assert scenario(switched("incentives=off")).analysis.incentives == "off"
    assert load("base", changes=("analysis={trust: off, habit: on}",)).analysis.trust == "off"
    head = "format: 1\nextends: base.yaml\ntitle: {en: a, zh: 一}\ndescription: {en: a, zh: 一}\n"
    file = tmp_path / "mine.yaml"
    file.write_text(head + "analysis:\n  supervision: off\n  capability: equal\n", encoding="utf-8")
    found = load(file).analysis
    assert (found.supervision, found.capability, found.incentives) == ("off", "equal", "on")
    for wrong in ("analysis.incentives=no", "analysis.capability=on", "population.urban=off"):
        with pytest.raises(UserError):
            load("base", changes=(wrong,))


def test_written_out_switches_change_nothing():
    assert answer(switched("incentives=on", "capability=own")) == answer(SPEC)


def test_names_are_parameters():
    assert set(TRUSTED) | set(UNEQUAL) | {"money", "habit"} <= {each.name for each in behaviour.parameters()}
    row = behaviour.row()
    before = row.copy()
    without(Analysis(), row)
    assert row == before


def test_without_incentives_money_moves_no_provider():
    """Paid by case or by service, conduct is the same to the bit; with incentives it is not."""
    paid = "baseline.payment.inpatient={rule: fee_for_service, for: {care: inpatient}}"
    conduct = ["intensity_out", "intensity_in", "stay", "admit", "upcode", "keep", "refer", "follow", "split", "idle",
               "select", "false_down", "retest"]  # fmt: skip

    def after(*switches: str, changes: tuple[str, ...] = ()) -> list[bytes]:
        spec = switched(*switches)
        facilities = model(spec._replace(changes=(*spec.changes, *changes))).run().world.facilities
        return [np.ascontiguousarray(facilities[name]).tobytes() for name in conduct]

    name = next(
        name for name, block in scenario(SPEC).baseline.payment.items() if block.rule.__module__.endswith("drg")
    )
    paid = paid.replace("payment.inpatient", f"payment.{name}").replace(", for: {care: inpatient}", "")
    assert after(changes=(paid,)) != after()
    assert after("incentives=off", changes=(paid,)) == after("incentives=off")


@pytest.mark.parametrize(
    ("switch", "column", "value"), [("trust", "trust", 0.1), ("habit", "habit", [0.0, 0.0, 0.0, 1.0])]
)
def test_without_it_families_do_not_look_at_it(switch: str, column: str, value):
    """Whatever trust or habit families have, they go to the same places; with the switch on they do not."""
    for state, same in (("off", True), ("on", False)):
        spec, there = switched(f"{switch}={state}", months=1), []
        for other in (True, False):
            start = world(spec)
            if other:
                start.families[column] = value
            done = model(spec, start=start)
            done.run_for(1)
            there.append(done.world.tally.counts.tobytes())
        assert (there[0] == there[1]) is same, state


def test_equal_capability_is_equal_and_seen_so():
    done = model(switched("capability=equal", months=13)).run().world
    assert len(np.unique(done.facilities["capability"])) == 1
    assert 0.4 < done.facilities["capability"][0] < 0.95
    assert done.behaviour["misperception"][0] == 0.0
    assert (done.facilities["fame"] == 0.0).all()


def test_without_supervision_nobody_is_fined():
    kinds = {
        switch: model(switched(switch)).run().world.ledger.kinds for switch in ("supervision=on", "supervision=off")
    }
    assert "fine" in kinds["supervision=on"]
    assert "fine" not in kinds["supervision=off"]
    assert (model(switched("supervision=off")).run().world.beliefs["fine"] == 0).all()
