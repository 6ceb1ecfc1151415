"""Where a value comes from, through parents, overrides, changes and dates."""

from pathlib import Path

import pytest

from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.scenario.resolve.origins import trace

COUNTY = Path(__file__).parent / "data" / "county_community.yaml"


def chain(path: str, **how) -> list[tuple[str, str | None]]:
    (only,) = trace(load(COUNTY, **how), path).values()
    return [(written.text, written.month) for written in only]


def test_every_value_that_was_replaced_is_told_in_order() -> None:
    path = "baseline.plans.resident.subsidy"
    assert chain(path) == [("718 yuan/year", None), ("760 yuan/year", "2019-01")]
    changed = chain(path, changes=[f"{path}=700 yuan/year", f"{path}=710 yuan/year"])
    assert [text for text, _ in changed] == ["718 yuan/year", "700 yuan/year", "710 yuan/year", "760 yuan/year"]
    assert chain("population.poor", with_=["old_county"]) == [("6%", None), ("12%", None)]


def test_places_and_sources_are_those_of_each_writing() -> None:
    first, second = trace(load(COUNTY), "baseline.plans.resident.subsidy")["baseline.plans.resident.subsidy"]
    assert (Path(first.place.file).name, first.source, first.year) == ("base.yaml", "nhsa_2023", "2023")
    assert (Path(second.place.file).name, second.source, second.year) == ("county_community.yaml", "judgement", None)
    for written in (first, second):
        line = Path(written.place.file).read_text(encoding="utf-8").splitlines()[written.place.line - 1]
        assert written.text in line[written.place.column - 1 :]


def test_a_path_into_a_reform_follows_its_arm_and_what_but_replaced() -> None:
    path = "alliances.county_community.tightness"
    assert chain(f"reforms.alliance_in_name.{path}") == [("0.7", "2018-01"), ("0", "2018-01")]
    assert chain(f"reforms.community_budget.{path}") == [("0.7", "2018-01")]
    assert chain("reforms.community_budget.plans.resident.subsidy")[-1] == ("760 yuan/year", "2019-01")
    assert chain(f"reforms.community_budget.timeline.2018-01.{path}") == [("0.7", None)]


def test_a_block_is_every_value_in_it_and_tier_groups_are_spelled_out() -> None:
    found = trace(load(COUNTY), "baseline.benefit.resident.inpatient.primary")
    assert [path.rsplit(".", 2)[1:] for path in found] == [
        [tier, key] for tier in ("station", "centre") for key in ("deductible", "fund_pays")
    ]


def test_a_block_taken_away_says_when(write) -> None:
    text = (
        "reforms:\n  none:\n    title: {en: None, zh: 无}\n"
        "    timeline: {2024-01: {benefit.resident.catastrophic: remove}}\n"
    )
    (only, _) = trace(load(write(text)), "reforms.none.benefit.resident.catastrophic").values()
    assert [(w.text, w.month) for w in only][-1] == ("remove", "2024-01")


def test_a_path_of_nothing_names_the_nearest() -> None:
    with pytest.raises(UserError, match=r"did you mean `baseline\.plans\.resident\.premium`"):
        trace(load(COUNTY), "baseline.plans.resident.premum")
    with pytest.raises(UserError, match="nothing stands at"):
        trace(load(COUNTY), "reforms.nobody.payment")
