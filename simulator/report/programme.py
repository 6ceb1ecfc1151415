"""What a programme is about: the indicators of its claims, of its scores, and of the services that it switches on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.core.names import ONLINE as ONLINE_TIER
from simulator.core.names import TIERS
from simulator.count.indicators.online import delivered_share
from simulator.payment.rule import BudgetRule
from simulator.payment.score import reported
from simulator.report.keepers import BUDGET
from simulator.report.results_table import SHAPE, Row
from simulator.services.services import SERVICES
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    from simulator.scenario.schema.rules import Rules

OFFERED = {"contract_fee": "contract", "telemedicine_fee": "consultation", "outreach_fee": "outreach"}
"""Rule of payment -> the service that it pays for."""

OF_ONLINE = (("visit_share", TIERS[ONLINE_TIER]), (delivered_share.name, ""))
"""Indicator and tier of what online care is to move where it is paid."""


def brought(rules: "Rules", before: "Rules") -> Iterator[Any]:
    """Settlements that a reform brought or changed."""
    for name, block in rules.settlements.items():
        if before.settlements.get(name) != block:
            yield block


def scored(rules: "Rules", before: "Rules") -> dict[str, Any]:
    """Targets of a score by indicator, of what a reform brought."""
    found: dict[str, Any] = {}
    for block in brought(rules, before):
        found |= dict(getattr(block.rule, "scaled_by", None) or {})
    return found


def switched_on(rules: "Rules", before: "Rules") -> list[str]:
    """Services that a reform has and the baseline has not, or has otherwise."""
    on = {
        name
        for name in type(rules.services).model_fields
        if getattr(rules.services, name) != getattr(before.services, name)
    }
    offered, known = ({rule_word(block) for block in each.settlements.values()} for each in (rules, before))
    on |= {OFFERED[rule] for rule in offered - known if rule in OFFERED}
    return [name for name in SERVICES if name in on]


def pays_online(rules: "Rules", before: "Rules") -> bool:
    """Whether a reform has online care paid, or paid otherwise."""
    return any(
        terms.online != (before.benefit[plan].online if plan in before.benefit else None)
        for plan, terms in rules.benefit.items()
    )


def in_use(rules: "Rules") -> list[str]:
    """Services that the rules switch on, or offer by a rule of payment."""
    off = type(rules.services)()
    on = {name for name in type(off).model_fields if getattr(rules.services, name) != getattr(off, name)}
    on |= {OFFERED[rule] for block in rules.settlements.values() if (rule := rule_word(block)) in OFFERED}
    return [name for name in SERVICES if name in on]


def has_budget(rules: "Rules", before: "Rules") -> bool:
    """Whether a reform brought a budget."""
    return any(isinstance(block.rule, BudgetRule) for block in brought(rules, before))


def rule_word(block: Any) -> str:
    """Name of the rule of a block of settlements."""
    return type(block.rule).__module__.rpartition(".")[2]


def programme_rows(scenario: Any) -> list[Row]:
    """Rows of a scenario's own indicators: those of its answer, claims, scores, services, online care and
    budgets, each once."""
    rows = [_row(each) for each in (*scenario.answer.outcomes, *scenario.claims)]
    before = scenario.states(BASELINE)[-1].rules
    for name in scenario.reforms:
        rules = scenario.states(name)[-1].rules
        rows += [Row(name, part=part) for name, part in map(reported, scored(rules, before))]
        for service in switched_on(rules, before):
            rows += [Row(each.name) for each in SERVICES[service].service.indicators]
        if pays_online(rules, before):
            rows += [Row(*series) for series in OF_ONLINE]
        if has_budget(rules, before):
            rows += [Row(BUDGET, alliance=alliance) for alliance in rules.alliances]
    return list(dict.fromkeys(rows))


def _row(each: Any) -> Row:
    tier, plan, part, alliance = (getattr(each, kind, None) or "" for kind in SHAPE)
    return Row(each.indicator, tier, plan, part, alliance)
