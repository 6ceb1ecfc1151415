"""Sense checks: what a scenario may say and hardly means. They warn and refuse nothing; ``sense.yaml`` lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import CodeType
from typing import Any, Literal

import yaml

from simulator.core.behaviour import LOADER
from simulator.core.errors import UserError
from simulator.core.fields import Block
from simulator.core.messages import Text, say
from simulator.core.names import TIER_GROUPS, TIERS
from simulator.payment.rule import SettlementRule
from simulator.referral.wiring import REFERS_UP
from simulator.scenario.language.merge import place_at
from simulator.scenario.resolve.facilities import network_seen
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario, State

FILE = Path(__file__).with_name("sense.yaml")
PRIMARY = TIER_GROUPS["primary"]
WORDS = {each.__name__: each for each in (abs, any, getattr, len, max, min, pairwise, sorted, sum)}
"""Functions that conditions may use."""


class Condition(Block):
    """An entry of the list."""

    name: str
    of: Literal[
        "place",
        "tier",
        "benefit",
        "care",
        "plan",
        "alliance",
        "supervision",
        "supply",
        "premium",
        "adjustment",
        "services",
        "settlement",
    ]
    at: str
    when: str
    en: str
    zh: str
    idle: bool = False
    """Whether it says that something which a scenario switches on can be used by nobody; reports say so too."""

    @property
    def code(self) -> CodeType:
        """The condition, compiled."""
        return compile(self.when, f"{FILE.name}:{self.name}", "eval")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A condition that holds somewhere in a scenario."""

    condition: str
    path: str
    """Dotted path of the value, with its arm and date where that is not the baseline at the start."""
    text: Text
    """What is odd, in a sentence."""
    at: UserError
    """The place of the value in its file."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.at.file, self.at.line, self.at.column) if part is not None)
        return say("sense", place=place, path=self.path, text=self.text.localized)


@cache
def conditions() -> tuple[tuple[Condition, CodeType], ...]:
    """The list, each condition compiled."""
    entries = [Condition(**entry) for entry in yaml.load(FILE.read_text(encoding="utf-8"), LOADER)]
    return tuple((entry, entry.code) for entry in entries)


def doubts(scenario: Scenario) -> list[Doubt]:
    """What is odd in a scenario: each value once, in the first state of which it holds."""
    found: dict[tuple[str, str], Doubt] = {}
    for condition, code in conditions():
        for path, names, state in _things(scenario, condition.of):
            if eval(code, {"__builtins__": WORDS, **_of_place(scenario), **names}):
                at = f"{path}.{condition.at}".strip(".")
                if (condition.name, at) not in found:
                    found[condition.name, at] = _doubt(scenario, condition, at, state)
    return list(found.values())


def idle(scenario: Scenario, arm: str) -> dict[str, tuple[str, Text]]:
    """What an arm has at its end that nobody can use, by the name of the condition that says so: its section and name,
    such as `services.training`, and the sentence."""
    last = scenario.states(arm)[-1]
    names = _of_place(scenario) | {"later": False}
    found = {}
    for condition, code in conditions():
        if condition.idle and condition.of not in ("place", "tier"):
            for path, more in _in_rules(last, condition.of):
                if eval(code, {"__builtins__": WORDS, **names, **more}):
                    at = ".".join(f"{path}.{condition.at}".split(".")[:2])
                    found[condition.name] = at, Text(condition.en, condition.zh)
    return found


def _doubt(scenario: Scenario, condition: Condition, at: str, state: "tuple[str, State] | None") -> Doubt:
    """A condition that holds of the value ``at``, in a state of an arm if it is about rules."""
    text = Text(condition.en, condition.zh)
    if state is None:
        return Doubt(condition.name, at, text, UserError.at(scenario.place(at), at, ""))
    arm, rules = state
    place = place_at(rules.tree, at)
    first = arm == "baseline" and rules.month == scenario.states(arm)[0].month
    path = f"baseline.{at}" if first else say("sense_state", path=at, arm=arm, month=rules.month)
    return Doubt(condition.name, path, text, UserError.at(place, at, ""))


def _of_place(scenario: Scenario) -> dict[str, Any]:
    """Names of the whole file that every condition may use."""
    names = ("time", "population", "illness", "facilities", "growth", "network")
    found = {name: getattr(scenario, name) for name in names}

    def hospital_above() -> bool:
        """Whether any place of primary care has a hospital to which it refers."""
        network = network_seen(scenario)
        tier = dict(network.graph.nodes(data="tier"))
        return any(tier[a] in PRIMARY and tier[b] not in PRIMARY for a, b in network.edges(REFERS_UP))

    def every_benefit() -> Iterator[Any]:
        """Terms of all plans in all states of all arms."""
        return (
            terms for arm in scenario.arms for each in scenario.states(arm) for terms in each.rules.benefit.values()
        )

    return found | {"hospital_above": hospital_above, "every_benefit": every_benefit}


def _things(scenario: Scenario, of: str) -> "Iterator[tuple[str, dict[str, Any], tuple[str, State] | None]]":
    """What a condition looks at: path below the file or the rules, further names, state of the rules."""
    if of == "place":
        yield "", {}, None
    elif of == "tier":
        for tier, row in scenario.facilities.items():
            yield f"facilities.{tier}", {"tier": tier, "here": row}, None
    else:
        last = max(state.month for arm in scenario.arms for state in scenario.states(arm))
        for arm in scenario.arms:
            states = scenario.states(arm)
            for before, state in zip((states[0], *states), states, strict=False):
                named = _premiums(before, state) if of == "premium" else _in_rules(state, of)
                for path, names in named:
                    yield path, names | {"later": state.month < last}, (arm, state)


def _signing(rules: Rules) -> bool:
    """Whether anybody offers a contract with a family doctor."""
    return any(type(block.rule).sign_fee is not SettlementRule.sign_fee for block in rules.settlements.values())


def _premiums(before: State, state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    """Basic plans of a state whose premium or subsidy is another than in the state before."""
    old = before.rules.basic
    for name, plan in state.rules.basic.items():
        if name in old and (plan.premium, plan.subsidy) != (old[name].premium, old[name].subsidy):
            yield f"plans.{name}", {"here": plan}


def _in_rules(state: State, of: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rules = state.rules
    if of == "benefit":
        for plan, terms in rules.benefit.items():
            yield f"benefit.{plan}", {"here": terms}
    elif of == "care":
        for plan, terms in rules.benefit.items():
            for setting in ("outpatient", "inpatient"):
                care = getattr(terms, setting)
                rows = [row for tier in TIERS if (row := getattr(care, tier)) is not None]
                yield f"benefit.{plan}.{setting}", {"here": care, "tiers": rows}
    elif of == "plan":
        for name, plan in rules.plans.items():
            yield f"plans.{name}", {"here": plan, "kind": plan.kind}
    elif of == "alliance":
        for name, alliance in rules.alliances.items():
            yield f"alliances.{name}", {"here": alliance}
    elif of == "supply":
        for name, block in rules.settlements.items():
            if isinstance(block.rule, SettlementRule) and block.rule.supplies():
                yield f"settlements.{name}", {"here": block.rule}
    elif of == "settlement":
        passed = any(getattr(block.rule, "pass_through", 0) > 0 for block in rules.settlements.values())
        for name, block in rules.settlements.items():
            kind = type(block.rule).__module__.rpartition(".")[2]
            yield f"settlements.{name}", {"here": block.rule, "rule": kind, "passed_on": passed}
    elif of == "adjustment":
        for name, block in rules.adjustments.items():
            yield f"adjustments.{name}", {"here": block, "contracts": _signing(rules)}
    elif of == "services":
        yield "services", {"here": rules.services, "contracts": _signing(rules), "alliances": rules.alliances}
    elif rules.services.supervision is not None:
        yield "services.supervision", {"here": rules.services.supervision}
