"""Rules in force: what the rules of a scenario become in a world, at the start and at every date of an arm."""

from collections.abc import Callable, Iterator

import numpy as np

from simulator.core.names import TIERS
from simulator.count.people import HOMES
from simulator.engine.state.world import Alliance, World
from simulator.engine.terms.alliances import gather, heads_of
from simulator.engine.terms.in_use import one_of_every_kind
from simulator.engine.terms.prices import put_prices
from simulator.fund.pools import Pool, dissolve
from simulator.fund.settlement import System
from simulator.payment.market import places
from simulator.payment.rule import BudgetRule
from simulator.payment.tariffs import Tariffs
from simulator.population.working_life import all_retired
from simulator.scenario.compile.benefits import put_benefit_in_force
from simulator.scenario.compile.growth import grow_place, grown, years_grown
from simulator.scenario.compile.insurers import insure, products, who_pays
from simulator.scenario.compile.objectives import put_objectives_in_force
from simulator.scenario.resolve.alliances import members_of
from simulator.scenario.resolve.scope import included, owners, served
from simulator.scenario.schema.analysis import stays
from simulator.scenario.schema.growth import Growth
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario
from simulator.services import services
from simulator.services.service import Residents


def holders_of(scenario: Scenario) -> tuple[str, ...]:
    """Every alliance that any arm ever has, after an empty name for people of none: the holders of bills."""
    names = {name: None for arm in scenario.arms for state in scenario.states(arm) for name in state.rules.alliances}
    return ("", *names)


def schedule(scenario: Scenario, world: World, arm: str) -> list[tuple[int, Callable[[World], None]]]:
    """What an arm changes and when, months of the run: all its states but the one that every arm starts from."""
    first, growth = _months(scenario.time.start), scenario.growth
    before = scenario.states("baseline")[0].rules
    states = {_months(state.month): state.rules for state in scenario.states(arm)}
    januaries = set(_januaries(scenario))
    changes: list[tuple[int, Callable[[World], None]]] = []
    for month in sorted(januaries | set(states)):
        when, years = world.burn_in + month - first, years_grown(month, first)
        if month in januaries:
            changes.append((when, lambda w, years=years: grow_place(w, growth, years)))
        rules = states.get(month, before)
        if rules != before or (month in januaries and growth.apart):
            now = grown(rules, growth, years)
            changes.append((when, lambda w, now=now: put_in_force(w, scenario, now)))
        before = rules
    return changes


def _januaries(scenario: Scenario) -> Iterator[int]:
    """Months in which money has grown, since the year nought."""
    if scenario.growth == Growth():
        return
    first = _months(scenario.time.start)
    for month in range(first + 1, first + scenario.time.months):
        if years_grown(month, first) > years_grown(month - 1, first):
            yield month


def put_in_force(world: World, scenario: Scenario, rules: Rules) -> None:
    """Let a world go on under these rules from this month on."""
    rules = as_at_start(scenario, rules)
    members = members_of(rules, world.network)
    insure(world, rules, members)
    put_benefit_in_force(world, rules, products(rules))
    put_objectives_in_force(world, rules)
    who_pays(world)
    gather(world, alliances_of(world, rules, members))
    world.system = system_of(scenario, world, rules, members)
    _budgets(world, scenario, rules, members)
    world.kinds_of_cell = one_of_every_kind(world)


def as_at_start(scenario: Scenario, rules: Rules) -> Rules:
    """The rules with those sections that an analysis holds as every arm starts; plans that came later keep theirs."""
    start, held = scenario.states("baseline")[0].rules, stays(scenario.analysis)
    return rules.model_copy(update={name: _held(getattr(start, name), getattr(rules, name), name) for name in held})


def _held(start: dict, now: dict, section: str) -> dict:
    return now | start if section == "benefit" else start


def alliances_of(world: World, rules: Rules, members: dict[str, np.ndarray]) -> list[Alliance]:
    """The alliances of the rules, as the engine knows them."""
    found = []
    for name, block in rules.alliances.items():
        mine = np.zeros(len(world.facilities), bool)
        mine[members[name]] = True
        found.append(
            Alliance(
                name=name,
                holder=world.words.holders.index(name),
                lead=world.network.row(block.lead),
                members=mine,
                tightness=block.tightness,
                unified=frozenset(block.unified),
                by_volume=block.allocation.by["volume"],
                by_quality=block.allocation.by["quality"],
                surplus_to=dict(block.allocation.surplus_to),
            )
        )
    return found


def system_of(scenario: Scenario, world: World, rules: Rules, members: dict[str, np.ndarray]) -> System:
    """The rules that move money."""
    names = list(world.words.facilities)
    tiers = [(name, TIERS[tier]) for name, tier in zip(names, world.facilities["tier"], strict=True)]
    own = owners(rules, scenario, world.cells, tiers, members=members)
    settlements = {}
    for name, block in rules.settlements.items():
        if not isinstance(block.rule, BudgetRule):
            settlements[name] = (
                block.rule,
                included(block, scenario, rules, world.cells, names, members=members),
            )
    terms = services.terms_in_force(rules.services, scenario.analysis)
    offers = [services.Offer(rule, places(world.cells, mine, len(names))) for rule, mine in settlements.values()]
    services.enforce(world.facilities, terms, offers, served(rules, scenario, tiers, members))
    services.spread(world.facilities, terms, lambda: residents_of(world, rules), world.behaviour[0])
    now = world.month - world.burn_in
    before = {
        name: when for name, (kind, when) in world.settled_since.items() if kind is type(settlements.get(name, [0])[0])
    }
    world.settled_since = {name: (type(rule), before.get(name, now)) for name, (rule, _) in settlements.items()}
    return System(
        Tariffs({name: block.rule for name, block in rules.payment.items()}, own),
        settlements,
        put_prices(world, settlements),
        services.seeing(world.facilities, terms),
        since={name: when for name, (_, when) in world.settled_since.items()},
    )


def residents_of(world: World, rules: Rules) -> Residents:
    """Who lives in the place, in real people."""
    persons, oldest = world.persons, len(world.deaths) - 1
    jobs = np.array([plan.is_for_employees(name) for name, plan in rules.basic.items()])
    working = jobs[persons["plan"]] & (persons["age"] >= world.work.adult) & ~all_retired(persons, world.clock[0])
    by_age = np.bincount(np.minimum(persons["age"], oldest), minlength=oldest + 1)
    by_age, employed = world.whole.total(by_age.astype(np.int64), np.array([working.sum()], np.int64))
    bits = sum(1 << code for code in np.flatnonzero(jobs).tolist())
    return Residents(by_age * world.weight, float(employed[0] * world.weight), bits)


def _budgets(world: World, scenario: Scenario, rules: Rules, members: dict[str, np.ndarray]) -> None:
    """Start, change or end the budgets of alliances."""
    before = {pool.name: pool for pool in world.pools}
    world.pools = []
    for block in rules.settlements.values():
        if not isinstance(block.rule, BudgetRule):
            continue
        for alliance in world.alliances:
            if alliance.name not in block.scope.alliances:
                continue
            world.pools.append(_pool(world, scenario, rules, block, alliance, before.pop(alliance.name, None), members))
    for pool in before.values():
        dissolve(world.ledger, world.accounts.fund, pool)


def _pool(
    world: World,
    scenario: Scenario,
    rules: Rules,
    block,
    alliance: Alliance,
    old: Pool | None,
    members: dict[str, np.ndarray],
) -> Pool:
    """The pool of an alliance under a budget; one that exists goes on, its budget following its people."""
    # Whose bills: the scope without its alliance, which says whose people, not who treats.
    anywhere = block.model_copy(update={"scope": block.scope.model_copy(update={"alliances": None})})
    inside = included(anywhere, scenario, rules, world.cells, list(world.words.facilities), members)
    if block.rule.budget_is_for == "residents":
        cells = inside & (world.cells["holder"] == alliance.holder)
    else:
        cells = inside & alliance.members[world.cells["facility"]]
    if old is None:
        spent = _spent(world, inside, alliance, block.rule.budget_is_for)
        plans = np.bincount(world.cells["plan"][cells], minlength=len(world.words.plans)) > 0
        heads = heads_of(world, alliance.members, block.rule) * plans
        budget = block.rule.first_budget(spent, heads, 1.0 / world.weight)
        account = world.ledger.index[f"pool:{alliance.name}"]
        pool = Pool(alliance.name, block.rule, account, cells, alliance.members, 0.0, budget)
        _spend(pool, alliance)
        pool.expected = 1.0 - float(spent.sum()) / max(float(budget.sum()), 1.0)
        return pool
    if (old.members != alliance.members).any() and block.rule.budget_is_for == "residents":
        grown = _homes(world, alliance.members) / np.maximum(_homes(world, old.members), 1)
        old.budget = np.rint(old.budget * grown).astype(np.int64)
    old.rule, old.cells, old.members = block.rule, cells, alliance.members
    _spend(old, alliance)
    return old


def _spend(pool: Pool, alliance: Alliance) -> None:
    """What a kept surplus is for."""
    pool.bonus, pool.equipment, pool.training = (
        alliance.surplus_to.get(purpose, 0.0) for purpose in ("bonuses", "equipment", "training")
    )


def _homes(world: World, members: np.ndarray) -> np.ndarray:
    """The fund's part of the last twelve months, as the benefit table has it, for people at home with members (P,)."""
    return HOMES.of(np.sum(world.home_payments, axis=0), "all")[members].sum(axis=0)


def _spent(world: World, inside: np.ndarray, alliance: Alliance, whose: str) -> np.ndarray:
    """What the fund spent in the last twelve months on the bills of a budget that now begins, fen (P,).

    The books do not yet know whose people patients are; their share is that of the benefit table's fund part.
    """
    paid, months = world.books.paid(-12), min(len(world.books.fund), 12)
    mine = inside if whose == "residents" else inside & alliance.members[world.cells["facility"]]
    spent = np.bincount(world.cells["plan"][mine], paid[mine], len(world.words.plans)) * 12 / max(months, 1)
    if whose != "residents" or not world.home_payments:
        return spent
    share = _homes(world, alliance.members) / np.maximum(
        HOMES.of(np.sum(world.home_payments, axis=0), "all").sum(axis=0), 1
    )
    return spent * share


def _months(month: str) -> int:
    """Months since the year nought."""
    return int(month[:4]) * 12 + int(month[5:]) - 1
