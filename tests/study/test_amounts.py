"""Amounts of a user's own beside what such patients cost in the last year before any reform."""

import re
from pathlib import Path

import pytest

from simulator.core.messages import use
from simulator.core.money import FEN
from simulator.scenario import load
from simulator.study.amounts import BOUNDS, counterparts, far_off, own_amounts
from simulator.study.patient_costs import costs
from tests.small import COUNTY

SMALL = ("time={start: 2024-01, end: 2024-06, warm_up: 12 months}", COUNTY)
PACKAGE = """
format: 1
extends: base.yaml
title: {en: A package, zh: 打包}
description: {en: One amount a head, zh: 按人头打包}
time: {start: 2024-01, end: 2024-06, warm_up: 12 months}
network: {form: county, townships: 2, villages: 2, tertiary_outside: 1}
reforms:
  package:
    title: {en: A package, zh: 打包}
    timeline:
      2024-02:
        alliances:
          all: {form: county_community, lead: county_1, members: {below: county_1}, tightness: 0.5}
        settlements:
          package: {for: {alliances: all}, rule: prepaid_network, per_head: AMOUNT}
        payment:
          days: {for: {care: [inpatient]}, takes_from: [inpatients], rule: per_diem,
                 day_rate: {centre: 400 yuan, secondary: 900 yuan, tertiary: 12 yuan}}
"""


@pytest.fixture(scope="module")
def spent() -> float:
    """What funds paid for a head in the last year of the same small run, yuan."""
    place = load("base", changes=SMALL, families=150)
    heads = costs(place).heads
    return float(heads.loc[heads["who"] == "everybody", "fund"].sum())


def doubts(tmp_path: Path, amount: str) -> dict[str, str]:
    file = tmp_path / "package.yaml"
    file.write_text(PACKAGE.replace("AMOUNT", amount), encoding="utf-8")
    place = load(file, families=150)
    return {re.split("[ （]", doubt.path)[0]: str(doubt) for doubt in far_off(place, own_amounts(place))}


def test_an_amount_near_the_cost_is_not_doubted_and_one_far_off_is(tmp_path: Path, spent: float):
    use("en")
    fair = doubts(tmp_path, f"{spent:.0f} yuan/year")
    assert "settlements.package.per_head" not in fair
    assert list(fair) == ["payment.days.day_rate.tertiary"]
    assert "12.00 yuan a day" in fair["payment.days.day_rate.tertiary"]
    many = doubts(tmp_path, f"{1.2 * BOUNDS[1] * spent:.0f} yuan/year")["settlements.package.per_head"]
    assert "package.yaml:16:" in many
    assert "2.4 times the" in many
    assert f"{spent:,.0f} yuan" in many
    use("zh")
    few = doubts(tmp_path, f"{0.8 * BOUNDS[0] * spent:.0f} yuan/year")["settlements.package.per_head"]
    use("en")
    assert "0.4 倍" in few


def test_amounts_of_packaged_scenarios_are_not_asked_about():
    assert own_amounts(load("payment_designs", families=50)) == []
    (own,) = own_amounts(load("base", changes=["baseline.payment.inpatients.base_rate=900 yuan"], families=50))
    assert (own.path, own.fen) == ("payment.inpatients.base_rate", 900 * FEN)


def test_every_counterpart_is_a_parameter_of_its_rule():
    from simulator.payment.rule import found
    from simulator.scenario.schema.rules import SECTIONS

    rules = {name: rule for folder in SECTIONS.values() for name, rule in found(folder).items()}
    for entry in counterparts():
        fields = rules[entry.rule].model_fields
        assert entry.at.partition(".")[0] in fields
        assert entry.heads is None or entry.heads in fields
        assert entry.per not in ("weight", "point") or "tier_coefficient" in fields
