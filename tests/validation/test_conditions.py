"""What would have to be true: which values are not clear, and what is said of those that help."""

import math

from simulator.study.intervals import interval
from simulator.study.kept import keeping
from simulator.validation import conditions
from simulator.validation.asked import How, Size
from simulator.validation.claims import Answer, claims_tried
from simulator.validation.conditions import Search, alone, condition, searched, together, unclear


def test_values_by_judgement_with_both_ends_those_with_a_range_first():
    found = unclear("programmes/zhejiang_county_community")
    assert (found[0].path.rpartition(".")[2], found[0].ends) == ("tightness", ("0.3", "1.0"))
    by_name = {each.path: each for each in found}
    assert by_name["population.urban"].ends == ("22.5%", "90%")
    assert by_name["facilities.secondary.beds"].ends == ("1.3 per 1000", "5.2 per 1000")
    assert len(found) <= 6


def test_values_of_other_arms_and_ends_that_the_scenario_refuses_are_left_out():
    assert not [each for each in unclear("programmes/payment_systems") if "by_value" in each.path]
    (fee,) = unclear("programmes/family_doctor_fee")
    assert (fee.path.rpartition(".")[2], fee.ends) == ("to_doctors", ("35%", "100%"))


def test_the_nearest_is_told_and_what_helps_is_tried_together(tmp_path):
    """Figures are written where runs would keep theirs, so that the search can be followed by hand."""
    name, pairs = "programmes/shared_savings", 2
    tried = alone(name, 20)
    task = keeping(tried, tmp_path, 1)
    answer = Answer(name, tried[0].claims[0], (-0.01, -0.02, 0.0))
    effects = {trial.changes[0].rpartition(".")[2]: -0.005 for trial in tried}
    effects |= {"share=100%": -0.02, "share=25%": -0.015, "quality_gate=20%": -0.03}
    for trial in tried:
        effect = effects[trial.changes[0].rpartition(".")[2]]
        for replication in range(pairs):
            file = task.parts / f"{trial.name.replace('/', '.')[:80]}.{task.prints[trial.name]}.{replication}.json"
            file.write_text(f"[[100.0, {100 * (1 + effect)}]]", encoding="utf-8")
    nearest = condition(answer, tried, task, (pairs, interval))
    assert [each.rpartition(".")[2] for each in nearest.changes] == ["quality_gate=20%"]
    assert not nearest.reached
    (both,) = together(name, [answer], tried, task, (pairs, interval))
    assert sorted(each.rpartition(".")[2] for each in both.changes) == ["quality_gate=20%", "share=100%"]
    assert claims_tried(name, 20, both.changes).changes == both.changes
    gone = Answer(name, tried[0].claims[0], (-0.05, -0.06, -0.04))
    nothing = condition(gone, tried, task, (pairs, interval))
    assert (nothing.changes, nothing.nearest, nothing.reached) == ((), gone, True)


def test_a_claim_is_implausible_where_less_than_half_or_the_opposite_comes_out():
    claim = claims_tried("programmes/shared_savings", 20).claims[0]

    def found(mean: float) -> bool:
        return Answer("programmes/shared_savings", claim, (mean, mean - 0.001, mean + 0.001)).implausible

    assert [found(mean) for mean in (-0.08, -0.05, -0.03, -0.024, 0.0, 0.03)] == [False, False, False, True, True, True]
    assert not Answer("programmes/shared_savings", claim, (math.nan, math.nan, math.nan)).implausible


def test_a_search_says_what_comes_nearest_even_where_nothing_can_be_varied(tmp_path, monkeypatch):
    """No value of `rural_cooperative` is by judgement: it is run as it stands."""
    name, short = "programmes/rural_cooperative", ("time.warm_up=1 months", "time.start=2023-12", "time.end=2024-01")
    monkeypatch.setattr(conditions, "claims_tried", lambda name, families: claims_tried(name, families, short))
    claim = claims_tried(name, 20).claims[0]
    search = Search([Answer(name, claim, (0.0, 0.0, 0.0))], tmp_path, Size(20, 2), How(1))
    assert search.takes() > 0
    (found,) = search.run(None)
    assert found.changes == ()
    assert search.takes() == 0


def test_a_search_is_bounded():
    assert searched(Size(6000, 20, 3)) == Size(2000, 4, 3)
    assert searched(Size(100, 2)) == Size(100, 2)
