"""Random combinations of rules: every rule found in the folders, with the numbers of its example shaken."""

import re
from typing import Any

from hypothesis import strategies as st

from simulator.payment.rule import BudgetRule, Rule, found
from simulator.scenario.language.merge import plain
from simulator.scenario.language.strict_yaml import read
from simulator.scenario.schema.rules import SETTLEMENTS, TARIFFS
from tests.benefit.worlds import ANYWHERE
from tests.random_places import ALLIANCE, NETWORKS, online
from tests.small import Spec

SHARES = ("0%", "5%", "40%", "100%")
FACTORS = (0.1, 0.5, 1.0, 4.0)
KEPT = ("weight", "sources", "none_at", "full_at")
"""Numbers that must add up or rise: not shaken."""
INSURERS = (
    "baseline.plans.resident.enrolment=voluntary",
    "baseline.plans.resident.reserve_policy={low: 6 months, high: 9 months, step: 5%, acts_on: subsidy}",
    "baseline.plans.help={kind: mutual, for: {ages_below: 18}, premium: 200 yuan/year, operating_fee: 20 yuan/year, "
    "cover: {visits: {care: outpatient, pays: 50%}}}",
    "baseline.plans.firm={kind: commercial, premium: 500 yuan/year, loading: 30%, administration: 15%, declines: 50%, "
    "cover: {all: {pays: 40%}}, providers: {form: designated_provider, detects: 50%, half_at: 10%, scale: 2%}}",
    "baseline.plans.love={kind: charity, donations: 20 yuan/year, pays: 60%}",
    "baseline.plans.province={kind: adjustment_fund, pays_in: 5%, covers: 80%, below: 9 months}",
    "baseline.timeline.2023-06.plans.employee.merged_into=resident",
)
"""What plans can do beside paying bills."""
SCOPES = ("all", "{tiers: hospital}", "{tiers: primary}", "{plans: resident}", "{care: inpatient}", "{tiers: tertiary}")
NUMBER = re.compile(r"([+-]?)(\d+(?:\.\d+)?)( ?[^\d.].*)?")
ALL: dict[str, type[Rule]] = found(TARIFFS) | found(SETTLEMENTS)


def block(name: str) -> dict[str, Any]:
    """The block of a rule's example."""
    (inside,) = plain(read(ALL[name].example, name)).values()
    return inside


@st.composite
def shaken(draw: st.DrawFn, value: Any, key: str = "") -> Any:
    """A tree of YAML with other numbers in it."""
    if isinstance(value, list) or key in KEPT:
        return value
    if isinstance(value, dict):
        return {k: draw(shaken(v, k)) for k, v in value.items()}
    match = NUMBER.fullmatch(str(value))
    if match is None or not draw(st.booleans()):
        return value
    sign, number, unit = match.groups()
    if unit and unit.strip() == "%" and not sign:
        return draw(st.sampled_from(SHARES))
    return f"{sign}{round(float(number) * draw(st.sampled_from(FACTORS)), 2):g}{unit or ''}"


def flow(value: Any) -> str:
    """YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


@st.composite
def rule(draw: st.DrawFn, name: str, scope: str) -> str:
    """A block with this rule, for this scope."""
    own = draw(shaken({k: v for k, v in block(name).items() if k not in ("for", "except", "takes_from", "title")}))
    return flow({"for": scope, **own})


@st.composite
def combinations(draw: st.DrawFn) -> Spec:
    """A place of 40 to 80 families with an alliance, any tariffs, up to six settlements in any order, 14 months."""
    network, lead = draw(st.sampled_from(sorted(NETWORKS.items())))
    tariffs, overlays = sorted(found(TARIFFS)), sorted(found(SETTLEMENTS))
    changes = [
        "time={start: 2022-12, warm_up: 2 months}",
        f"network={network}",
        *draw(online()),
        "baseline.payment.inpatients=" + draw(rule(draw(st.sampled_from(tariffs)), "{care: inpatient}")),
        "baseline.payment.near="
        + draw(rule(draw(st.sampled_from(tariffs)), "{care: outpatient, tiers: primary, plans: resident}")),
        "baseline.payment.outpatients=" + draw(rule(draw(st.sampled_from(tariffs)), "rest")),
        "baseline.alliances="
        + ALLIANCE.format(lead=lead, tightness=draw(st.sampled_from(["0", "0.6", "1"])), unified="staff, drugs"),
    ]
    chosen = draw(st.lists(st.sampled_from(overlays), max_size=6, unique=True))
    for name in chosen:
        # a second budget for the alliance, or one that is for no alliance, is refused
        scopes = ("{alliances: group}",) * 6 + SCOPES[:2] if issubclass(ALL[name], BudgetRule) else SCOPES
        scope = draw(st.sampled_from(scopes))
        changes.append(f"baseline.settlements.{name}_here=" + draw(rule(name, scope)))
    changes += draw(st.lists(st.sampled_from((*ANYWHERE, *INSURERS)), max_size=4, unique=True))
    return Spec(tuple(changes), draw(st.integers(40, 80)), 12, draw(st.integers(0, 2**31)))
