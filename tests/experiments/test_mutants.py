"""Mistakes made in the files that are shipped; see experiments/faults/question.md."""

from pathlib import Path

import pytest

from experiments.faults import mutants as faults
from experiments.faults.mistyped import MISTAKES, Mutant, mistaken, mutants
from experiments.faults.mutants import Log, judged, known, of_register, shipped, survey
from simulator import load
from simulator.scenario.load import scenarios_folder

FOLDER = scenarios_folder()
FILES = shipped()
PROGRAMME = FOLDER / "programmes" / "zhejiang_county_community.yaml"


@pytest.mark.parametrize("file", [FOLDER / "base.yaml", PROGRAMME], ids=lambda file: file.stem)
def test_no_mistyped_scenario_runs(file: Path):
    chunk = survey(file, count=48, seed=7)
    assert chunk.bad == []
    assert {kind for kind, _ in chunk.found} == set(MISTAKES)
    assert sum(number for (_, outcome), number in chunk.found.items() if outcome == "refused") > 30


@pytest.mark.long
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_mistyped_scenario_runs_long(file: Path):
    assert survey(file, count=120, seed=11).bad == []


def test_the_same_seed_makes_the_same_mistakes():
    text = PROGRAMME.read_text(encoding="utf-8")
    assert list(mutants(text, 30, 1)) == list(mutants(text, 30, 1)) != list(mutants(text, 30, 2))


def test_of_a_small_file_every_single_mistake_is_made_once():
    text = "age: 5 # years\n\n# a remark\n  to: {by: 10}\n"
    made = list(mutants(text, 10_000, 1))
    assert len({each.text for each in made}) == len(made) < 200
    assert {each.line for each in made} == {1, 4}
    assert list(mutants(text, 20, 1)) == made[:20]
    wanted = {changed for kind in MISTAKES for changed in mistaken(kind, "age: 5 # years")}
    assert {each.text.split("\n\n#")[0] for each in made if each.line == 1} == wanted
    assert {"aeg: 5 # years", "ag: 5 # years", "age 5 # years", "age： 5 # years", "age: nan # years"} < wanted


def test_a_log_goes_on_where_it_was_stopped(tmp_path: Path):
    file = FOLDER / "places" / "county.yaml"
    whole = Log(file, 3, None)
    whole.survey(24)
    Log(file, 3, tmp_path).survey(10)
    log = next(tmp_path.iterdir())
    with log.open("a", encoding="utf-8") as out:
        out.write('{"text": "cut o')
    again = Log(file, 3, tmp_path)
    assert again.done == 10
    again.survey(24)
    read = Log(file, 3, tmp_path)
    assert (read.done, read.outcomes, read.bad) == (24, whole.outcomes, []) == (whole.done, again.outcomes, again.bad)
    assert Log(file, 4, tmp_path).done == 0
    read.survey(24)
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


def test_of_a_mistyped_register_only_the_programme_that_differs_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made: list[str] = []
    monkeypatch.setattr(faults, "trial", lambda system: made.append(system.id))
    file = tmp_path / "systems.yaml"
    text = (FOLDER / "systems.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    of_register(file)
    assert made == []
    file.write_text(text.replace("title: {en: City medical group", "title: {en: Group", 1), encoding="utf-8")
    of_register(file)
    assert made == ["ORG1_city_medical_group"]


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
