"""Amounts that are far off what such patients cost: what a rule pays for a head, a case or a day beside what the same
bills came to in the last year before any reform. ``amounts.yaml`` lists which amounts have such a counterpart."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import yaml

from simulator.core.behaviour import LOADER
from simulator.core.errors import Place, UserError
from simulator.core.fields import Block
from simulator.core.messages import LANGUAGES, Text, catalogue, say
from simulator.core.money import FEN
from simulator.core.names import DIAGNOSED, DISEASES, INPATIENT, OUTPATIENT, TIERS
from simulator.payment.books import CASES, CH_DRUGS, CH_LABOUR, COVERED, DAYS, WEIGHT
from simulator.payment.rule import BudgetRule
from simulator.scenario.language.merge import place_at
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.resolve.alliances import members_of
from simulator.scenario.resolve.facilities import network_of
from simulator.scenario.resolve.scope import included
from simulator.scenario.resolve.sense import Doubt
from simulator.scenario.schema.rules import SECTIONS, Scope
from simulator.scenario.schema.scenario import Scenario, State
from simulator.study.patient_costs import YEAR, last_year

FILE = Path(__file__).with_name("amounts.yaml")
BOUNDS = (0.5, 2.0)
"""Amount over cost below and above which it is far off; by judgement: a reform seldom halves or doubles costs,
and a unit taken for another (a month, 万元, fen) is further off."""
FAMILIES = 2_000
"""Families of the small run that measures costs."""
PLACES = ("alliances", "facilities", "areas")
"""Dimensions of a scope that say whose people a budget is for, and not which bills."""


class Counterpart(Block):
    """An entry of the list."""

    rule: str
    at: str
    per: Literal["head", "weight", "point", "day", "visit", "admission"]
    cost: Literal["fund", "charge", "covered"]
    heads: str | None = None


class Amount(NamedTuple):
    """An amount of a scenario, in fen; ``path`` below the rules, ``tier`` empty where it is for all."""

    entry: Counterpart
    block: Any
    path: str
    tier: str
    fen: float
    arm: str
    state: State
    place: Place


@cache
def counterparts() -> tuple[Counterpart, ...]:
    """The list."""
    return tuple(Counterpart(**entry) for entry in yaml.load(FILE.read_text(encoding="utf-8"), LOADER))


def own_amounts(scenario: Scenario) -> list[Amount]:
    """Amounts that have a counterpart and do not come from a packaged scenario, each once."""
    found: dict[tuple[Place, str], Amount] = {}
    for arm in scenario.arms:
        for state in scenario.states(arm):
            for amount in _amounts(arm, state):
                if not Path(amount.place.file).resolve().is_relative_to(scenarios_folder()):
                    found.setdefault((amount.place, amount.path), amount)
    return list(found.values())


def _amounts(arm: str, state: State) -> Iterator[Amount]:
    for section in SECTIONS:
        for name, block in getattr(state.rules, section).items():
            rule = type(block.rule).__module__.rpartition(".")[2]
            for entry in counterparts():
                if entry.rule != rule:
                    continue
                path, value = f"{section}.{name}.{entry.at}", _at(block.rule, entry.at)
                table = value if isinstance(value, dict) else {"": value}
                for tier, fen in table.items():
                    here = f"{path}.{tier}".rstrip(".")
                    if isinstance(fen, int | float) and fen > 0:
                        place = place_at(state.tree, here)
                        yield Amount(entry, block, here, tier, float(fen), arm, state, place)


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = getattr(value, key, None)
    return value


def far_off(scenario: Scenario, amounts: list[Amount], seed: int = 1) -> list[Doubt]:
    """Which of ``amounts`` are far off, by a simulation of the last year before any reform.

    Args:
        scenario: those families are simulated; its rules need not be the ones that have the amounts.
        amounts: from `own_amounts`.
        seed: of the simulation.
    """
    if not amounts:
        return []
    model = last_year(scenario, seed)
    return [doubt for amount in amounts if (doubt := _doubt(scenario, model.world, amount))]


def _doubt(scenario: Scenario, world: Any, amount: Amount) -> Doubt | None:
    cost = _cost(scenario, world, amount)
    if not cost or BOUNDS[0] <= amount.fen / cost <= BOUNDS[1]:
        return None
    start = amount.arm == "baseline" and amount.state.month == scenario.states("baseline")[0].month
    path = amount.path
    at = f"baseline.{path}" if start else say("sense_state", path=path, arm=amount.arm, month=amount.state.month)
    written = Text(*(_sentence(amount, cost, language) for language in LANGUAGES))
    return Doubt("amount_far_off", at, written, UserError.at(amount.place, at, ""))


def _sentence(amount: Amount, cost: float, language: str) -> str:
    words, times = catalogue(language), amount.fen / cost
    return words["amounts.far_off"].format(
        amount=_money(amount.fen), cost=_money(cost), times=f"{times:.0f}" if times >= 10 else f"{times:.1f}",
        per=words[f"amounts.per_{amount.entry.per}"], what=words[f"amounts.{amount.entry.cost}"],
    )  # fmt: skip


def _money(fen: float) -> str:
    yuan = fen / FEN
    return f"{yuan:,.0f}" if yuan >= 100 else f"{yuan:.2f}"


def _cost(scenario: Scenario, world: Any, amount: Amount) -> float:
    """Fen per head, case or day of the same bills in the last year; 0 where there were none."""
    mine, counts = _bills(scenario, world, amount), world.books.year
    if amount.entry.cost == "fund":
        money = sum(world.books.fund[-YEAR:])
    elif amount.entry.cost == "covered":
        money = counts[:, COVERED]
    else:
        money = counts[:, CH_DRUGS : CH_LABOUR + 1].sum(axis=1)
    units = _units(world, amount, mine)
    return float(money[mine].sum()) / units if units else 0.0


def _bills(scenario: Scenario, world: Any, amount: Amount) -> np.ndarray:
    """Cells of the books that the amount is for, bool (C,)."""
    block, rules, cells = amount.block, amount.state.rules, world.cells
    if isinstance(block.rule, BudgetRule) and isinstance(block.scope, Scope):
        bills = block.scope.model_copy(update=dict.fromkeys(PLACES))
        block = block.model_copy(update={"scope": bills})
    network = network_of(scenario)
    mine = included(block, scenario, rules, cells, network.names, members_of(rules, network))
    if amount.entry.per in ("weight", "point", "day", "admission"):
        mine &= cells["care"] == INPATIENT
    if amount.entry.per == "visit":
        mine &= cells["care"] == OUTPATIENT
    return mine & (cells["tier"] == TIERS.index(amount.tier)) if amount.tier else mine


def _units(world: Any, amount: Amount, mine: np.ndarray) -> float:
    """How many heads, units of weight, days or cases ``mine`` (C,) were."""
    counts, cells, per = world.books.year, world.cells, amount.entry.per
    if per == "head":
        persons = world.persons
        heads = np.isin(persons["plan"], np.unique(cells["plan"][mine]))
        who = _at(amount.block.rule, amount.entry.heads) if amount.entry.heads else None
        known = [persons[disease] >= DIAGNOSED for disease in DISEASES if who in (disease, "diagnosed")]
        return float((heads & np.any(known, axis=0)).sum() if known else heads.sum())
    if per in ("weight", "point"):
        coefficient = np.array([amount.block.rule.tier_coefficient.get(tier, 1.0) for tier in TIERS])
        weight = counts[mine, WEIGHT] * coefficient[cells["tier"][mine]]
        return float(weight.sum()) * (1.0 if per == "point" else 1e-3)
    return float(counts[mine, DAYS if per == "day" else CASES].sum())
