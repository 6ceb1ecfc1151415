"""Mistakes made in the files that are shipped; see experiments/faults/question.md."""

from pathlib import Path

import pytest

from experiments.faults.mutants import MISTAKES, Mutant, judged, known, mutants, shipped, survey
from simulator import load
from simulator.scenario.load import scenarios_folder

FOLDER = scenarios_folder()
FILES = shipped()
PROGRAMME = FOLDER / "programmes" / "zhejiang_county_community.yaml"


@pytest.mark.parametrize("file", [FOLDER / "base.yaml", PROGRAMME], ids=lambda file: file.stem)
def test_no_mistyped_scenario_runs(file: Path):
    found, bad = survey(file, count=50, seed=7)
    assert bad == []
    assert {kind for kind, _ in found} == set(MISTAKES)
    assert sum(number for (_, outcome), number in found.items() if outcome == "refused") > 35


@pytest.mark.long
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_mistyped_scenario_runs_long(file: Path):
    _, bad = survey(file, count=120, seed=11)
    assert bad == []


def test_the_same_seed_makes_the_same_mistakes():
    text = PROGRAMME.read_text(encoding="utf-8")
    assert list(mutants(text, 30, 1)) == list(mutants(text, 30, 1)) != list(mutants(text, 30, 2))


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("cap:", "cpa:", "refused"),
        ("8%", "9%", "another scenario"),
        ("title: ", "title:   ", "same"),
        ("county_community:", "county_communitie:", "name"),
    ],
)
def test_what_comes_of_a_mistake_is_judged(old: str, new: str, outcome: str, tmp_path: Path):
    text = "\n".join(
        (
            "format: 1",
            "extends: base.yaml",
            "title: {en: A cap, zh: 封顶}",
            "description: {en: A cap on visits., zh: 门诊封顶。}",
            "baseline:",
            "  payment: {outpatients: {for: {care: outpatient}, rule: fee_for_service, cap: {growth: 8%, borne: 50%}}}",
            "  alliances:",
            "    county_community: {form: county_community, lead: county_1, members: {below: county_1}, tightness: 1}",
            "",
        )
    )
    file = tmp_path / "a_cap.yaml"
    file.write_text(text, encoding="utf-8")
    verdict = judged(Mutant("by hand", 1, text.replace(old, new, 1)), file, known(load(file)))
    assert verdict.outcome == outcome, verdict
