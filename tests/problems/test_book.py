"""The problem book: every problem of the evidence is registered once, can be run, and says what it means."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from simulator.core.errors import UserError
from simulator.problems.book import CARRIERS, book, chosen, read_problem
from simulator.problems.scenarios import WITH, places
from simulator.report.display import unit_of
from simulator.scenario.language.packaged import scenarios_folder
from tests.mistakes import refusals

BAD = sorted((Path(__file__).parents[1] / "bad" / "problems").glob("*.yaml"))
RUN = [problem for problem in book().values() if problem.is_run]
EVIDENCE = yaml.safe_load((scenarios_folder() / "evidence" / "systems.yaml").read_text(encoding="utf-8"))["problems"]


def test_every_problem_of_the_evidence_stands_in_the_book_once_under_its_name() -> None:
    assert list(book()) == sorted(entry["id"] for entry in EVIDENCE)
    assert {name: problem.title.zh for name, problem in book().items()} == {e["id"]: e["name_zh"] for e in EVIDENCE}


def test_enough_are_to_be_shown_and_enough_come_from_behaviour() -> None:
    kinds = Counter(problem.kind for problem in book().values())
    assert kinds["behavioural"] + kinds["mechanical"] >= 28
    assert kinds["behavioural"] >= 18
    assert [p.id[:3] for p in book().values() if p.kind == "not_shown"] == ["P09", "P34"]


@pytest.mark.parametrize("problem", RUN, ids=lambda p: p.id)
def test_a_problem_can_be_run_and_its_cure_changes_something(problem) -> None:
    made = places(problem, families=100)
    scenarios = [place.scenario for place in made]
    arms = [arm for place in made for arm in place.arms]
    assert len(arms) == (4 if problem.signal else 2)
    assert {s.population.families for s in scenarios} == {100}
    assert {(s.time.start, s.time.warm_up, s.time.months) for s in scenarios} == {
        (problem.start, problem.warm_up, problem.months)
    }
    if len(scenarios) == 2:
        assert scenarios[0].facilities != scenarios[1].facilities
        assert [s.population for s in scenarios[1:]] == [scenarios[0].population]
    else:
        before, after = (scenarios[0].states(arm)[-1].rules for arm in arms[:: len(arms) // 2])
        assert arms[-1].startswith(WITH)
        assert before != after
        burn_in = scenarios[0].states("baseline")[0].rules
        assert all(scenarios[0].states(arm)[0].rules in (burn_in, before, after) for arm in arms)


@pytest.mark.parametrize("problem", RUN, ids=lambda p: p.id)
def test_the_smallest_difference_has_the_unit_of_the_measure(problem) -> None:
    assert problem.minimum.unit == unit_of(problem.measure.indicator)


@pytest.mark.parametrize("problem", [p for p in RUN if p.vanishes_with], ids=lambda p: p.id)
def test_the_carrier_is_switched_off_in_every_arm(problem) -> None:
    for place in places(problem, families=100, without=problem.vanishes_with):
        switch = place.scenario.resolved()["analysis"]
        assert switch == {problem.vanishes_with: CARRIERS[problem.vanishes_with]}


def test_problems_are_chosen_by_name_or_number_in_the_order_of_the_book() -> None:
    assert [p.id for p in chosen(["p03", "P01_transfer_is_loss"])] == ["P01_transfer_is_loss", "P03_sign_not_serve"]
    assert len(chosen([])) == 39
    with pytest.raises(UserError, match=r"no problem `P01_transfer_is_los`.*did you mean `P01_transfer_is_loss`"):
        chosen(["P01_transfer_is_los"])


def tried(name: str) -> None:
    places(read_problem(Path(name)), families=100)


test_refused_with_its_sentence, test_refused_at_the_same_place_in_chinese = refusals(tried, BAD)
