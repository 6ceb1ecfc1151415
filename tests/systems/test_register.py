"""The register of programmes: every row of the evidence once, every mechanism carried and switched off, or told."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from simulator.core.errors import UserError
from simulator.report.display import unit_of
from simulator.scenario import load
from simulator.scenario.language.packaged import scenarios_folder
from simulator.systems.register import chosen, read_register, register
from simulator.systems.scenarios import MECHANISM, Trial, trial
from tests.mistakes import refusals

EVIDENCE = yaml.safe_load((scenarios_folder() / "evidence" / "systems.yaml").read_text(encoding="utf-8"))["systems"]
RUN = [system for system in register().values() if system.is_run]


@cache
def made_of(name: str) -> Trial:
    """A row of the register, ready to run."""
    return trial(register()[name], 50)


BAD = sorted((Path(__file__).parents[1] / "bad" / "systems").glob("*.yaml"))


def test_every_row_of_the_evidence_stands_in_the_register_once_in_its_order() -> None:
    assert list(register()) == [entry["id"] for entry in EVIDENCE]
    for entry in EVIDENCE:
        assert entry["name_zh"].startswith(register()[entry["id"]].title.zh)


def test_every_stated_mechanism_of_a_row_that_is_run_is_carried_or_says_why_not() -> None:
    for entry in EVIDENCE:
        system = register()[entry["id"]]
        if system.is_run:
            assert list(system.mechanisms) == [each["code"] for each in entry["mechanisms"]], entry["id"]
        else:
            assert not system.mechanisms


def test_withheld_outcomes_are_no_claims() -> None:
    withheld = {entry["id"] for entry in EVIDENCE if entry["outcomes"] == "withheld"}
    assert len(withheld) == 4
    for system in RUN:
        if system.id in withheld:
            assert not [each for each in made_of(system.id).comparisons if each.kind == "claim"], system.id


def test_a_scenario_names_the_rows_that_it_runs() -> None:
    files: dict[str, set[str]] = {}
    for system in RUN:
        files.setdefault(system.file, set()).add(system.id)
    for file, rows in files.items():
        assert set(load(scenarios_folder() / f"{file}.yaml").programme) == rows, file


@pytest.mark.parametrize("system", RUN, ids=lambda system: system.id)
def test_each_mechanism_is_carried_by_what_is_switched_off(system) -> None:
    made = made_of(system.id)  # which refuses a carrier that is the same where the mechanism is switched off
    assert [each.code for each in made.comparisons if each.kind == MECHANISM] == list(system.carried)
    for code, mechanism in system.carried.items():
        assert mechanism.minimum.unit == unit_of(mechanism.measure.indicator), code


def test_rows_are_chosen_by_name_or_number() -> None:
    assert [s.id for s in chosen(["s02", "E01_uebmi_urrbmi"])] == ["S02_zhejiang_county_community", "E01_uebmi_urrbmi"]
    assert len(chosen([])) == len(EVIDENCE)
    with pytest.raises(UserError, match=r"no programme `S2` in the register"):
        chosen(["S2"])


def tried(name: str) -> None:
    for system in read_register(Path(name)).values():
        trial(system, 50)


test_refused_with_its_sentence, test_refused_at_the_same_place_in_chinese = refusals(tried, BAD)
