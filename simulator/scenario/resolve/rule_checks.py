"""What must hold between the rules in force at one time, as data: each check finds where it does not."""

from collections.abc import Callable, Iterator
from typing import Any

from simulator.core.errors import near
from simulator.core.messages import say
from simulator.count.indicators.catalogue import INDICATORS
from simulator.engine.terms import alliances, panel
from simulator.payment.rule import BudgetRule, Rule, TariffRule
from simulator.payment.score import OF_BOOKS, OF_ONE_DISEASE, reported
from simulator.scenario.resolve.facts import Check, Facts, Found
from simulator.scenario.resolve.plan_checks import PLAN_CHECKS
from simulator.scenario.resolve.scope import named
from simulator.scenario.schema.objectives import Places
from simulator.scenario.schema.rules import ALL, SECTIONS, Payment, Rules, Scope, Settlement
from simulator.scenario.schema.scenario import Scenario

TOLERANCE = 1e-6


def _unknown(dimension: str, known: Callable[[Facts], Any]) -> Callable[[Facts], Found]:
    def find(f: Facts) -> Found:
        for path, scope in f.rules.scopes():
            for name in getattr(scope, dimension) or ():
                if name not in known(f):
                    yield f"{path}.{dimension}", {"name": name, "near": near(name, known(f))}

    return find


def _unknown_plans_adjusted(f: Facts) -> Found:
    for name, block in f.rules.adjustments.items():
        for plan in getattr(block.scope, "plans", None) or ():
            if plan not in f.rules.basic:
                yield f"adjustments.{name}.for.plans", {"name": plan, "near": near(plan, f.rules.basic)}


def _places_of_objectives(f: Facts) -> Iterator[tuple[str, Places]]:
    for name, block in f.rules.objectives.items():
        if isinstance(block.scope, Places):
            yield f"objectives.{name}.for", block.scope


def _unknown_areas_of_objectives(f: Facts) -> Found:
    for path, places in _places_of_objectives(f):
        for area in places.areas or ():
            if area not in f.network.areas:
                yield f"{path}.areas", {"name": area, "near": near(area, f.network.areas)}


def _unknown_facilities_of_objectives(f: Facts) -> Found:
    for path, places in _places_of_objectives(f):
        for name in places.facilities or ():
            try:
                list(named((name,), f.network.names))
            except ValueError:
                yield f"{path}.facilities", {"name": name, "near": near(name, f.network.names)}


def _unknown_losers(f: Facts) -> Found:
    for name, block in f.rules.payment.items():
        for other in block.takes_from:
            others = [rule for rule in f.rules.payment if rule != name]
            if other not in (*others, ALL):
                yield f"payment.{name}.takes_from", {"name": other, "near": near(other, (*others, ALL))}


def _blocks(f: Facts) -> Iterator[tuple[str, Payment | Settlement]]:
    """Every block with a rule, by its path."""
    for section in SECTIONS:
        for name, block in getattr(f.rules, section).items():
            yield f"{section}.{name}", block


def _scores(f: Facts) -> Iterator[tuple[str, Rule, dict[str, Any]]]:
    """Rules that indicators scale, with the path of the table and the table."""
    for path, block in _blocks(f):
        if table := getattr(block.rule, "scaled_by", None):
            yield f"{path}.scaled_by", block.rule, table


def _unknown_indicators(f: Facts) -> Found:
    for path, _, table in _scores(f):
        for indicator in table:
            if reported(indicator)[0] not in INDICATORS:
                known = (*INDICATORS, *OF_ONE_DISEASE)
                yield f"{path}.{indicator}", {"name": indicator, "near": near(indicator, known)}


def _indicators_not_told(f: Facts) -> Found:
    for path, rule, table in _scores(f):
        told = alliances.LEVELS if isinstance(rule, BudgetRule) else (*panel.LEVELS, *OF_BOOKS)
        for indicator in table:
            if reported(indicator)[0] in INDICATORS and indicator not in told:
                yield f"{path}.{indicator}", {"name": indicator, "told": ", ".join(sorted(told))}


def _unknown_groups_of_rules(f: Facts) -> Found:
    for path, block in _blocks(f):
        for parameter, names in block.rule.named_groups().items():
            for name in names:
                if name not in f.scenario.illness.groups:
                    yield f"{path}.{parameter}", {"name": name, "near": near(name, f.scenario.illness.groups)}


def _budgets(f: Facts) -> Iterator[tuple[str, Settlement]]:
    for name, block in f.rules.settlements.items():
        if isinstance(block.rule, BudgetRule):
            yield name, block


def _budget_of_nobody(f: Facts) -> Found:
    for name, block in _budgets(f):
        if not isinstance(block.scope, Scope) or block.scope.alliances is None:
            yield f"settlements.{name}.for", {}


def _two_budgets(f: Facts) -> Found:
    owner: dict[str, str] = {}
    for name, block in _budgets(f):
        for alliance in getattr(block.scope, "alliances", None) or ():
            if (other := owner.setdefault(alliance, name)) != name:
                yield f"settlements.{name}.for.alliances", {"alliance": alliance, "other": other}


def _weights_add_up(f: Facts) -> Found:
    for path, rule, table in _scores(f):
        if isinstance(rule, TariffRule):
            continue  # it has other parts of the score, and adds them up itself
        total = sum(target.weight for target in table.values())
        if abs(total - 1) > TOLERANCE:
            yield path, {"total": f"{100 * total:g}%"}


CHECKS = (
    *PLAN_CHECKS,
    Check("check_no_plan", _unknown("plans", lambda f: f.rules.basic)),
    Check("check_no_plan", _unknown_plans_adjusted),
    Check("check_no_area", _unknown_areas_of_objectives),
    Check("check_no_facility", _unknown_facilities_of_objectives),
    Check("check_no_group", _unknown("groups", lambda f: f.scenario.illness.groups)),
    Check("check_no_alliance", _unknown("alliances", lambda f: f.rules.alliances)),
    Check("check_no_rule", _unknown_losers),
    Check("check_no_indicator", _unknown_indicators),
    Check("check_indicator_not_told", _indicators_not_told),
    Check("check_no_group", _unknown_groups_of_rules),
    Check("check_budget_of_nobody", _budget_of_nobody),
    Check("check_two_budgets", _two_budgets),
    Check("check_weights", _weights_add_up),
)


def check_rules(scenario: Scenario, rules: Rules) -> Iterator[tuple[str, str]]:
    """Path below the rules, and sentence, of everything that does not hold."""
    facts = Facts(scenario, rules)
    for check in CHECKS:
        for path, words in check.find(facts):
            yield path, say(check.sentence, **words)


def needs_network(rules: Rules) -> bool:
    """Whether who pays whom can only be told facility by facility."""
    return bool(rules.alliances) or any(s.facilities or s.alliances or s.areas for _, s in rules.scopes())
