"""The register of predictions: every figure that is for validation alone stands in it once, with the numbers of the
evidence; what is wrong in it is told at its place."""

import math
from pathlib import Path

import pytest
import yaml

from simulator.calibrate.evidence import evidence
from simulator.core.errors import UserError
from simulator.report.display import unit_of
from simulator.scenario.language.packaged import scenarios_folder
from simulator.validation.history import tried
from simulator.validation.register import FALLS, RISES, SIZE, chosen, read_register, register
from tests.mistakes import refusals

BAD = sorted((Path(__file__).parents[1] / "bad" / "history").glob("*.yaml"))
RUN = [each for each in register().values() if each.is_run]
SHAPED = {"managed_patients_effect", "zero_markup_drug_expense", "global_budget_rural", "beijing_reform_outpatients"}
"""Entries that the notes on the science name as looked at when a form was chosen (docs/science.md)."""


def test_every_figure_for_validation_stands_in_it_and_no_other():
    wanted = {name for name, entry in evidence().items() if entry["use"] == "validation"}
    assert set(register()) == wanted


def test_published_numbers_are_those_of_the_evidence():
    """Read from the text of the evidence by hand for each kind of figure."""
    known = register()

    def of(name: str, key: str) -> tuple[float, float, float]:
        found = known[name].published(known[name].predictions[key])
        return found.value, found.low, found.high

    assert of("drg_city_rdd", "stay") == (-2.0, -3.43, -0.7)
    assert of("drg_city_rdd", "own_part") == (0.08, 0.05, 0.1)
    assert of("zero_markup_drug_expense", "drugs")[0] == -0.47
    assert of("zero_markup_25_counties", "stay")[0] == -0.0582
    assert of("zero_markup_beijing_cost", "drugs")[0] == pytest.approx(3903.4 / 5811.7 - 1)
    assert of("global_budget_rural", "own")[0] == pytest.approx(188.06 * 1.42)
    assert all(math.isnan(end) for end in of("managed_patients_effect", "admissions")[1:])


def test_a_direction_that_is_written_is_that_of_the_number():
    for each in RUN:
        for name, prediction in each.predictions.items():
            value = each.published(prediction).value
            if not math.isnan(value) and prediction.direction in (FALLS, RISES):
                assert (value > 0) == (prediction.direction == RISES), f"{each.id}.{name}"


def test_what_once_shaped_a_form_is_marked_and_what_is_foreign_has_no_size():
    assert {each.id for each in RUN if each.used_before} >= SHAPED
    for name in ("salaried_referral_or", "capitation_raises_referral", "mssp_did"):
        assert register()[name].foreign
        assert all(each.kind != SIZE for each in register()[name].predictions.values())


def test_no_natural_experiment_is_a_target_of_a_calibration():
    text = yaml.safe_load((scenarios_folder() / "levels.yaml").read_text(encoding="utf-8"))
    assert not {each["evidence"] for each in text["targets"].values()} & set(register())


@pytest.mark.parametrize("experiment", RUN, ids=lambda each: each.id)
def test_arms_and_months_are_there(experiment):
    made = tried(experiment, 30)
    for each in made.comparisons:
        scenario = made.scenarios[each.on.scenario]
        assert {each.on.name, each.off.name} <= set(scenario.arms)
        assert each.on != each.off
        if each.prediction.first:
            assert scenario.time.start <= each.prediction.first <= each.prediction.last <= scenario.time.end
        if each.prediction.change == "relative":
            assert unit_of(each.prediction.measure.indicator) in ("rate", "yuan", "days", "years", "share", "number")
    states = made.scenarios[0].states(experiment.arm)
    assert states[-1].month < made.scenarios[0].time.end


def test_entries_are_chosen_by_id():
    assert [each.id for each in chosen(["drg_city_rdd"])] == ["drg_city_rdd"]
    assert len(chosen([])) == len(register())
    with pytest.raises(UserError, match="no entry `drg_city` in the register of predictions"):
        chosen(["drg_city"])


def read(name: str) -> None:
    for each in read_register(Path(name)).values():
        tried(each, 30)


test_refused_with_its_sentence, test_refused_at_the_same_place_in_chinese = refusals(read, BAD)
