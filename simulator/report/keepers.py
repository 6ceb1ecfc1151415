"""Who keeps what is left of a budget, read off a scenario as it is written."""

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.payment.rule import BudgetRule, found
from simulator.scenario.schema.rules import SETTLEMENTS

BUDGET = "budget_surplus_rate"
"""The indicator of what is left of a budget."""


def keepers(states: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By alliance, `members` or `owners`; ``states`` are rules and patches of rules of any arm."""
    kinds, made = found(SETTLEMENTS), {}
    for state in states:
        for block in dict(state.get("settlements") or {}).values():
            rule = kinds.get(str(block.get("rule"))) if isinstance(block, Mapping) else None
            if rule and issubclass(rule, BudgetRule) and isinstance(block.get("for"), Mapping):
                named = block["for"].get("alliances") or ()
                made |= dict.fromkeys([named] if isinstance(named, str) else named, rule.keeper)
    return made
