"""Formulas on the page are those of the rules themselves, in both languages."""

import re

import pytest

from simulator.core.messages import catalogue
from simulator.payment.rule import found
from simulator.report.rule_pages import formula
from simulator.scenario.schema.rules import SECTIONS

RULES = {name: rule for folder in SECTIONS.values() for name, rule in found(folder).items()}
SIGNS = re.compile(r"[=×/+−Σ≥]|\d+|(?:max|min|clip)(?=\()|\b[a-z]+_[a-z]+\b")
"""What a formula has in any language: signs, numbers, functions, and names of the scenario."""


@pytest.mark.parametrize("name", RULES)
def test_a_formula_is_that_of_the_rule(name: str) -> None:
    said = formula(RULES[name])
    assert " = " in said
    assert catalogue("en")[f"rule_formula.{name}"] == said


@pytest.mark.parametrize("name", RULES)
def test_the_chinese_formula_has_the_same_signs_line_by_line(name: str) -> None:
    lines = catalogue("zh")[f"rule_formula.{name}"].split("\n")
    assert [SIGNS.findall(line) for line in lines] == [SIGNS.findall(line) for line in formula(RULES[name]).split("\n")]
    assert any("一" <= letter <= "鿿" for letter in lines[0])


def test_every_rule_has_a_name_and_a_sentence() -> None:
    for language in ("en", "zh"):
        words = catalogue(language)
        assert [name for name in RULES if not (words.get(f"rule_name.{name}") and words.get(f"rule_said.{name}"))] == []
        stale = {key.partition(".")[2] for key in words if key.startswith("rule_formula.")} - RULES.keys()
        assert stale == set()
