"""What must hold between fields, as data: each check finds the places where it does not, and has one sentence."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from simulator.core.behaviour import parameters
from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.core.names import ONLINE, TIERS
from simulator.core.naming import RANGE
from simulator.scenario.language.merge import text_at
from simulator.scenario.language.packaged import evidence_of_programmes
from simulator.scenario.language.values import Citation
from simulator.scenario.schema.claims import Claim, Finding
from simulator.scenario.schema.network import MOST
from simulator.scenario.schema.reported_units import wrong
from simulator.scenario.schema.scenario import Scenario

Found = Iterator[tuple[str, dict[str, Any]]]
"""Dotted path of an offending value, and the words of the sentence."""
TOLERANCE = 1e-6
LEAST_INCOME = 10_000
"""Fen a year and head; families without an income pay and choose nothing that could be told."""


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
        if not re.fullmatch(r"[0-9]{1,3}-[0-9]{1,3}|[0-9]{1,3}\+", band):
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


def _no_income(s: Scenario) -> Found:
    for name in ("income_urban", "income_rural"):
        if getattr(s.population, name) < LEAST_INCOME:
            yield f"population.{name}", {}


def _cascade_falls(s: Scenario) -> Found:
    for name, disease in s.illness.diseases.items():
        for more, less in (("aware", "treated"), ("treated", "controlled")):
            if getattr(disease, less) > getattr(disease, more):
                yield f"illness.diseases.{name}.{less}", {"less": less, "more": more}


def _reports(s: Scenario) -> Iterator[tuple[str, Claim | Finding]]:
    for section in ("claims", "findings"):
        for i, reported in enumerate(getattr(s, section)):
            yield f"{section}.{i}", reported


def _unknown_plans_reported(s: Scenario) -> Found:
    for path, reported in _reports(s):
        if reported.plan is not None and reported.plan not in s.baseline.plans:
            yield f"{path}.plan", {"name": reported.plan, "near": near(reported.plan, s.baseline.plans)}


def _unknown_arms_reported(s: Scenario) -> Found:
    arms = ("baseline", *s.reforms)
    for path, reported in _reports(s):
        if reported.arm not in arms:
            yield f"{path}.arm", {"name": reported.arm, "near": near(reported.arm, arms)}


def _unknown_plans_answered(s: Scenario) -> Found:
    for i, wanted in enumerate(s.answer.outcomes):
        if wanted.plan is not None and wanted.plan not in s.baseline.plans:
            yield f"answer.outcomes.{i}.plan", {"name": wanted.plan, "near": near(wanted.plan, s.baseline.plans)}


def _unknown_arms_answered(s: Scenario) -> Found:
    arms = ("baseline", *s.reforms)
    named = {f"answer.short.{name}": name for name in s.answer.short}
    named |= {"answer.check": s.answer.check} if s.answer.check is not None else {}
    for path, name in named.items():
        if name not in arms:
            yield path, {"name": name, "near": near(name, arms)}


def _unknown_groups_reported(s: Scenario) -> Found:
    for i, claim in enumerate(s.claims):
        for group in claim.groups or ():
            if group not in s.illness.groups:
                yield f"claims.{i}.groups", {"name": group, "near": near(group, s.illness.groups)}


def _unknown_sources_reported(s: Scenario) -> Found:
    for path, reported in _reports(s):
        if not _cited(reported.source, s):
            yield f"{path}.source", {"source": reported.source, "near": near(reported.source, s.sources)}


def _unknown_programmes(s: Scenario) -> Found:
    known = evidence_of_programmes()
    for name in s.programme:
        if name not in known:
            yield "programme", {"name": name, "near": near(name, known)}


def _too_many_facilities(s: Scenario) -> Found:
    if s.network.size > MOST:
        yield "network", {"count": s.network.size, "most": MOST}


def _online_without_data(s: Scenario) -> Found:
    for name, facility in s.network.facilities.items():
        if facility.tier == TIERS[ONLINE] and s.facilities.online is None:
            yield f"network.facilities.{name}.tier", {"name": name}


def _only_online(s: Scenario) -> Found:
    for name, facility in s.network.facilities.items():
        for key in ("serves", "delivery"):
            if facility.tier != TIERS[ONLINE] and getattr(facility, key) is not None:
                yield f"network.facilities.{name}.{key}", {"key": key}


def _called_baseline(s: Scenario) -> Found:
    if "baseline" in s.reforms:
        yield "reforms.baseline", {}


def _facilities_called_like_ranges(s: Scenario) -> Found:
    for name in s.network.facilities:
        if RANGE.fullmatch(name):
            yield f"network.facilities.{name}", {"text": name}


def _parameters_out_of_bounds(s: Scenario) -> Found:
    known = {each.name: each for each in parameters(s.behaviour.set)}
    for name, value in s.behaviour.parameters.items():
        low, high = known[name].bounds
        if not low <= value <= high:
            ends = {"low": f"{low:g}", "high": f"{high:g}".replace("inf", "∞")}
            yield (
                f"behaviour.parameters.{name}",
                {"name": name, "value": f"{value:g}", "unit": known[name].unit, **ends},
            )


CHECKS = (
    Check("check_time_order", _ends_before_it_starts),
    Check("check_ages_sum", _ages_add_up),
    Check("check_ages_follow", _ages_follow),
    Check("check_families", _more_families_than_people),
    Check("check_parts_sum", _parts_add_up),
    Check("check_income", _no_income),
    Check("check_cascade", _cascade_falls),
    Check("check_called_baseline", _called_baseline),
    Check("name_range", _facilities_called_like_ranges),
    Check("check_parameter", _parameters_out_of_bounds),
    Check("check_no_arm", _unknown_arms_reported),
    Check("check_no_arm", _unknown_arms_answered),
    Check("check_no_programme", _unknown_programmes),
    Check("check_many_facilities", _too_many_facilities),
    Check("check_online", _online_without_data),
    Check("check_only_online", _only_online),
    Check("check_no_plan", _unknown_plans_reported),
    Check("check_no_plan", _unknown_plans_answered),
    Check("check_no_group", _unknown_groups_reported),
    Check("check_source", _unknown_sources_reported),
)


def _cited(source: str, s: Scenario) -> bool:
    """Whether a source is an id that the file explains, or a citation itself (it has spaces)."""
    return source in s.sources or any(c.isspace() for c in source)


def check(s: Scenario, citations: list[Citation]) -> None:
    """Raise UserErrors with everything that does not hold of the place and of what was reported of it."""
    errors = [UserError.at(s.place(path), path, say(c.sentence, **words)) for c in CHECKS for path, words in c.find(s)]
    errors += [
        UserError.at(
            s.place(f"{path}.{key}"), f"{path}.{key}", say(sentence, **words, text=text_at(s._tree, f"{path}.{key}"))
        )
        for path, reported in _reports(s)
        for key, sentence, words in wrong(reported)
    ]
    for c in citations:
        if not _cited(c.text, s):
            text = say("check_source", source=c.text, near=near(c.text, s.sources))
            errors.append(UserError.at(c.place, c.path, text))
    if errors:
        raise UserErrors(errors)
