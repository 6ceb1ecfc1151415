"""Who insures whom, and what changes in the benefit, as ``tiercare check`` tells it."""

from simulator.core.messages import say
from simulator.core.money import FEN
from simulator.fund.plan import Adjusting, Plan, Policy, Relief
from simulator.fund.plans.basic import Basic
from simulator.report.display import word
from simulator.scenario.schema.plans import heads
from simulator.scenario.schema.rules import Adjustment, Rules


def insured(rules: Rules) -> list[tuple[str, str, str]]:
    """(name, kind, what there is to say) of every plan and every adjustment of the benefit."""
    merged = heads(rules.basic)
    rows = [(name, plan.kind, _plan(name, plan, rules, merged)) for name, plan in rules.plans.items()]
    return rows + [(name, say("report.adjustment"), _adjustment(each)) for name, each in rules.adjustments.items()]


def _yuan(fen: float) -> str:
    return f"{fen / FEN:,.0f}"


def _plan(name: str, plan: Plan, rules: Rules, merged: dict[str, str]) -> str:
    if isinstance(plan, Basic):
        head = merged[name]
        own = rules.basic[head]
        told = say(
            "report.plan_basic",
            fund=word("plan", head),
            premium=_yuan(own.premium),
            others=_yuan(own.income - own.premium),
            enrolment=say(f"report.plan_{own.enrolment}"),
        )
        if own.retired is None:
            return told
        amounts = {"premium": _yuan(own.retired.premium), "others": _yuan(own.retired.employer + own.subsidy)}
        return told + say("report.plan_retired", **amounts)
    if isinstance(plan, Policy):
        pays = ", ".join(f"{each} {100 * product.pays:g} %" for each, product in plan.cover.items()) or "–"
        return say("report.plan_policy", premium=_yuan(plan.premium), pays=pays)
    if isinstance(plan, Adjusting):
        funds = dict.fromkeys(merged[each] for each in plan.plans or rules.basic)
        return say("report.plan_adjusting", funds=", ".join(word("plan", each) for each in funds))
    return say("report.plan_relief") if isinstance(plan, Relief) else ""


def _adjustment(each: Adjustment) -> str:
    """Whose bills, of which status, and what is another."""
    scope = each.scope if each.scope != "all" else None
    kinds = (("tier", "tiers"), ("care", "care"), ("plan", "plans"))
    whose = [word(kind, name) for kind, key in kinds for name in getattr(scope, key, None) or ()]
    whose += [word("when", status) for status in each.when]
    changes = []
    if each.fund_pays:
        changes.append(say("report.adjusts_share", points=f"{100 * each.fund_pays:+g}"))
    if isinstance(each.deductible, str):
        changes.append(say(f"report.adjusts_{each.deductible}"))
    elif each.deductible is not None:
        changes.append(say("report.adjusts_deductible", yuan=_yuan(each.deductible)))
    if each.ceiling is not None:
        changes.append(say("report.adjusts_ceiling", yuan=_yuan(each.ceiling)))
    if each.waives:
        changes.append(say("report.adjusts_waives", yuan=_yuan(each.waives)))
    return f"{', '.join(whose) or word('when', 'all')}: {', '.join(changes) or '–'}"
