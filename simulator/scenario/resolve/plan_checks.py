"""What must hold of the plans in force at one time, as data."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from simulator.core.errors import near
from simulator.fund.plan import Adjusting, Eligible, Policy
from simulator.fund.plans.basic import Basic
from simulator.scenario.resolve.facilities import homes
from simulator.scenario.resolve.facts import Check, Facts, Found
from simulator.scenario.resolve.scope import named
from simulator.scenario.schema.plans import heads

TOLERANCE = 1e-6
FIXED = ("covers", "reserve", "kind", "areas", "people")
"""What a plan is at the start and no date can change: people have it, the fund has it."""


def _plans_cover_everybody(f: Facts) -> Found:
    plans = f.rules.basic
    if any(plan.areas for plan in plans.values()):
        return
    total = sum(plan.covers for plan in plans.values())
    if abs(total - 1) > TOLERANCE:
        yield "plans", {"total": f"{100 * total:g}%"}


def _plans_cover_every_area(f: Facts) -> Found:
    plans = f.rules.basic
    named = {area for plan in plans.values() for area in plan.areas or ()}
    if not named or not named <= set(f.network.areas):
        return
    for area in homes(f.network):
        total = sum(plan.covers for plan in plans.values() if area in (plan.areas or (area,)))
        if abs(total - 1) > TOLERANCE:
            yield "plans", {"area": area, "total": f"{100 * total:g}%"}


def _unknown_areas(f: Facts) -> Found:
    written = [(f"{path}.areas", scope.areas or ()) for path, scope in f.rules.scopes()]
    written += [(f"plans.{name}.areas", plan.areas or ()) for name, plan in f.rules.basic.items()]
    written += [(f"{path}.areas", who.areas or ()) for path, who in _eligible(f)]
    for path, areas in written:
        for name in areas:
            if name not in f.network.areas:
                yield path, {"name": name, "near": near(name, f.network.areas)}


def _eligible(f: Facts) -> Iterator[tuple[str, Eligible]]:
    """Who may join the plans that one joins by choice."""
    for name, plan in f.rules.plans.items():
        if isinstance(plan, Policy) and plan.eligible:
            yield f"plans.{name}.for", plan.eligible


def _joined_by(dimension: str, known: Callable[[Facts], Any]) -> Callable[[Facts], Found]:
    def find(f: Facts) -> Found:
        compacts = [
            (f"plans.{name}.compact", plan.compact)
            for name, plan in f.rules.plans.items()
            if isinstance(plan, Policy) and plan.compact
        ]
        for path, block in (*_eligible(f), *compacts):
            for name in getattr(block, dimension, None) or ():
                if name not in known(f):
                    yield f"{path}.{dimension}", {"name": name, "near": near(name, known(f))}

    return find


def _unknown_signatories(f: Facts) -> Found:
    for name, plan in f.rules.plans.items():
        if isinstance(plan, Policy) and plan.compact and plan.compact.facilities:
            try:
                list(named(plan.compact.facilities, f.network.names))
            except ValueError as e:
                yield f"plans.{name}.compact.facilities", {"problem": str(e)}


def _merged_into_nothing(f: Facts) -> Found:
    plans = f.rules.basic
    for name, plan in plans.items():
        if plan.merged_into is not None and plan.merged_into not in plans:
            others = [other for other in plans if other != name]
            yield f"plans.{name}.merged_into", {"name": plan.merged_into, "near": near(plan.merged_into, others)}


def _merged_in_a_circle(f: Facts) -> Found:
    plans = f.rules.basic
    for name in plans:
        way = [name]
        while (head := plans[way[-1]].merged_into) in plans and head not in way:
            way.append(head)
        if head == name:
            yield f"plans.{name}.merged_into", {"circle": " -> ".join((*way, name))}
            return


def _corridors(f: Facts) -> Found:
    for name, plan in f.rules.basic.items():
        if plan.reserve_policy and plan.reserve_policy.low >= plan.reserve_policy.high:
            low, high = (f"{months:g}" for months in (plan.reserve_policy.low, plan.reserve_policy.high))
            yield f"plans.{name}.reserve_policy.high", {"low": low, "high": high}


def _acts_on_nothing(f: Facts) -> Found:
    for name, plan in f.rules.basic.items():
        if plan.reserve_policy and getattr(plan, plan.reserve_policy.acts_on) == 0:
            yield f"plans.{name}.reserve_policy.acts_on", {"what": plan.reserve_policy.acts_on}


def _chosen_for_nothing(f: Facts) -> Found:
    for name, plan in f.rules.basic.items():
        if plan.enrolment != "compulsory" and plan.premium == 0:
            yield f"plans.{name}.enrolment", {"word": plan.enrolment}


def _fee_above_premium(f: Facts) -> Found:
    for name, plan in f.rules.plans.items():
        if isinstance(plan, Policy) and plan.for_claims < 0:
            yield f"plans.{name}.operating_fee", {}


def _two_of_a_kind(f: Facts) -> Found:
    first: dict[int | str, str] = {}
    for name, plan in f.rules.plans.items():
        if isinstance(plan, Basic):
            continue
        payer = plan.payer if isinstance(plan, Policy) else plan.kind
        if (other := first.setdefault(payer, name)) != name:
            yield f"plans.{name}", {"kind": plan.kind, "other": other}


def _adjusted(f: Facts) -> Iterator[tuple[str, Sequence[str]]]:
    """Plans whose funds an adjustment fund is for."""
    for name, plan in f.rules.plans.items():
        if isinstance(plan, Adjusting):
            yield f"plans.{name}", plan.plans or list(f.rules.basic)


def _adjusts_nobody(f: Facts) -> Found:
    for path, names in _adjusted(f):
        for name in names:
            if name not in f.rules.basic:
                yield f"{path}.plans", {"name": name, "near": near(name, f.rules.basic)}


def _adjusts_one(f: Facts) -> Found:
    if any(any(True for _ in wrong(f)) for wrong in (_adjusts_nobody, _merged_into_nothing, _merged_in_a_circle)):
        return  # nobody knows whose fund is whose
    merged = heads(f.rules.basic)
    for path, names in _adjusted(f):
        if len({merged[name] for name in names}) < 2:
            yield path, {"plans": ", ".join(names)}


def _plans_stay(f: Facts) -> Found:
    now, start = f.rules.basic, f.start.basic
    if set(now) != set(start):
        yield "plans", {"what": ", ".join(sorted(set(now) ^ set(start)))}
        return
    for name, plan in now.items():
        for what in FIXED:
            if getattr(plan, what) != getattr(start[name], what):
                yield f"plans.{name}.{what}", {"what": what}


def _benefit_without_plan(f: Facts) -> Found:
    for plan in f.rules.benefit:
        if plan not in f.rules.basic:
            yield f"benefit.{plan}", {"plan": plan, "near": near(plan, f.rules.basic)}


def _plan_without_benefit(f: Facts) -> Found:
    for plan in f.rules.basic:
        if plan not in f.rules.benefit:
            yield f"plans.{plan}", {"plan": plan}


PLAN_CHECKS = (
    Check("check_plans_stay", _plans_stay),
    Check("check_plans_cover", _plans_cover_everybody),
    Check("check_benefit_without_plan", _benefit_without_plan),
    Check("check_plan_without_benefit", _plan_without_benefit),
    Check("check_no_area", _unknown_areas),
    Check("check_areas_cover", _plans_cover_every_area),
    Check("check_no_plan", _joined_by("plans", lambda f: f.rules.basic)),
    Check("check_no_alliance", _joined_by("alliances", lambda f: f.rules.alliances)),
    Check("check_compact", _unknown_signatories),
    Check("check_no_plan", _merged_into_nothing),
    Check("check_merged_circle", _merged_in_a_circle),
    Check("check_corridor", _corridors),
    Check("check_policy_of_nothing", _acts_on_nothing),
    Check("check_voluntary_free", _chosen_for_nothing),
    Check("check_fee_above_premium", _fee_above_premium),
    Check("check_two_of_a_kind", _two_of_a_kind),
    Check("check_no_plan", _adjusts_nobody),
    Check("check_adjusts_one", _adjusts_one),
)
"""What must hold of plans, and between them and the people of the place."""
