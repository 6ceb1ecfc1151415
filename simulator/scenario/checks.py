"""What must hold between fields, as data: each check finds the places where it does not, and has one sentence."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.core.names import TIERS
from simulator.payment import books
from simulator.scenario.rules import Scope
from simulator.scenario.schema import Scenario
from simulator.scenario.scope import owners
from simulator.scenario.values import Citation

Found = Iterator[tuple[str, dict[str, Any]]]
"""Dotted path of an offending value, and the words of the sentence."""
TOLERANCE = 1e-6


class Check(NamedTuple):
    """A sentence of the catalogue, and where it does not hold."""

    sentence: str
    find: Callable[[Scenario], Found]


def _percent(value: float) -> str:
    return f"{100 * value:g}%"


def _ages_add_up(s: Scenario) -> Found:
    total = sum(s.population.ages.values())
    # Published shares are rounded to a hundredth of a per cent each.
    if abs(total - 1) > 1e-4 * len(s.population.ages):
        yield "population.ages", {"total": _percent(total)}


def _ages_follow(s: Scenario) -> Found:
    bands = list(s.population.ages)
    for band in bands:
        if not re.fullmatch(r"\d+-\d+|\d+\+", band):
            yield f"population.ages.{band}", {"band": band, "next": "0-4"}
            return
    rising = sorted(bands, key=lambda b: int(re.split(r"[-+]", b)[0]))
    if not rising[0].startswith("0-"):
        yield f"population.ages.{rising[0]}", {"band": rising[0], "next": "0-4"}
    for band, after in pairwise(rising):
        low, _, high = band.partition("-")
        if not high or int(high) < int(low) or int(re.split(r"[-+]", after)[0]) != int(high) + 1:
            yield f"population.ages.{after}", {"band": band, "next": after}
    if not rising[-1].endswith("+"):
        yield f"population.ages.{rising[-1]}", {"band": rising[-1], "next": "85+"}


def _more_families_than_people(s: Scenario) -> Found:
    most = int(s.population.people / s.population.family_size)
    if s.population.families > most:
        yield "population.families", {"families": s.population.families, "most": most}


def _parts_add_up(s: Scenario) -> Found:
    for tier, row in s.facilities.items():
        for name in ("outpatient_parts", "inpatient_parts"):
            total = sum(getattr(row, name).values())
            if abs(total - 1) > TOLERANCE:
                yield f"facilities.{tier}.{name}", {"total": _percent(total)}


def _ends_before_it_starts(s: Scenario) -> Found:
    if s.time.months < 1:
        yield "time.end", {"start": s.time.start, "end": s.time.end}


def _cascade_falls(s: Scenario) -> Found:
    for name, disease in s.illness.diseases.items():
        for more, less in (("aware", "treated"), ("treated", "controlled")):
            if getattr(disease, less) > getattr(disease, more):
                yield f"illness.diseases.{name}.{less}", {"less": less, "more": more}


def _plans_cover_everybody(s: Scenario) -> Found:
    total = sum(plan.covers for plan in s.baseline.plans.values())
    if abs(total - 1) > TOLERANCE:
        yield "baseline.plans", {"total": _percent(total)}


def _benefit_without_plan(s: Scenario) -> Found:
    for plan in s.baseline.benefit:
        if plan not in s.baseline.plans:
            yield f"baseline.benefit.{plan}", {"plan": plan, "near": near(plan, s.baseline.plans)}


def _plan_without_benefit(s: Scenario) -> Found:
    for plan in s.baseline.plans:
        if plan not in s.baseline.benefit:
            yield f"baseline.plans.{plan}", {"plan": plan}


def _scopes(s: Scenario) -> Iterator[tuple[str, Scope]]:
    for section in ("payment", "settlements"):
        for name, block in getattr(s.baseline, section).items():
            for word, scope in (("for", block.scope), ("except", block.except_)):
                if isinstance(scope, Scope):
                    yield f"baseline.{section}.{name}.{word}", scope


def _unknown_plans_of_scopes(s: Scenario) -> Found:
    for path, scope in _scopes(s):
        for plan in scope.plans or ():
            if plan not in s.baseline.plans:
                yield f"{path}.plans", {"name": plan, "near": near(plan, s.baseline.plans)}


def _unknown_groups_of_scopes(s: Scenario) -> Found:
    for path, scope in _scopes(s):
        for group in scope.groups or ():
            if group not in s.illness.groups:
                yield f"{path}.groups", {"name": group, "near": near(group, s.illness.groups)}


def _unknown_plans_of_findings(s: Scenario) -> Found:
    for i, finding in enumerate(s.findings):
        if finding.plan is not None and finding.plan not in s.baseline.plans:
            yield f"findings.{i}.plan", {"name": finding.plan, "near": near(finding.plan, s.baseline.plans)}


def _unknown_sources_of_findings(s: Scenario) -> Found:
    for i, finding in enumerate(s.findings):
        if not _cited(finding.source, s):
            yield f"findings.{i}.source", {"source": finding.source, "near": near(finding.source, s.sources)}


CHECKS = (
    Check("check_time_order", _ends_before_it_starts),
    Check("check_ages_sum", _ages_add_up),
    Check("check_ages_follow", _ages_follow),
    Check("check_families", _more_families_than_people),
    Check("check_parts_sum", _parts_add_up),
    Check("check_cascade", _cascade_falls),
    Check("check_plans_cover", _plans_cover_everybody),
    Check("check_benefit_without_plan", _benefit_without_plan),
    Check("check_plan_without_benefit", _plan_without_benefit),
    Check("check_no_plan", _unknown_plans_of_scopes),
    Check("check_no_group", _unknown_groups_of_scopes),
    Check("check_no_plan", _unknown_plans_of_findings),
    Check("check_source", _unknown_sources_of_findings),
)


def _cited(source: str, s: Scenario) -> bool:
    """Whether a source is an id that the file explains, or a citation itself (it has spaces)."""
    return source in s.sources or any(c.isspace() for c in source)


def check(s: Scenario, citations: list[Citation]) -> None:
    """Raise UserErrors with everything that does not hold."""
    errors = [UserError.at(s.place(path), path, say(c.sentence, **words)) for c in CHECKS for path, words in c.find(s)]
    for c in citations:
        if not _cited(c.text, s):
            text = say("check_source", source=c.text, near=near(c.text, s.sources))
            errors.append(UserError.at(c.place, c.path, text))
    if not errors:
        try:
            check_owners(s)
        except UserError as e:
            errors.append(e)
    if errors:
        raise UserErrors(errors)


def check_owners(s: Scenario) -> None:
    """That every bill has one owner, as far as can be told before the network is built: by tier, and only if no scope
    speaks of single facilities (``owners`` is asked again when they are known)."""
    if any(scope.facilities for path, scope in _scopes(s)):
        return
    tiers = [tier for tier, _ in s.facilities.items()]
    beds = np.array([row.beds > 0 for _, row in s.facilities.items()])
    codes = np.array([TIERS.index(tier) for tier in tiers])
    cells, _ = books.cells(codes, len(s.illness.groups), len(s.baseline.plans), beds)
    owners(s.baseline, s, cells, [(tier, tier) for tier in tiers])
