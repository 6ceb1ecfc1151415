"""Plans of a scenario in force: funds, plans that people choose, and relief, as the engine knows them."""

from dataclasses import replace

import numpy as np

from simulator.benefit.layers import Offer
from simulator.engine.passes.enrol import BY_FAMILY, BY_PERSON, NOBODY
from simulator.engine.state.world import World
from simulator.fund import insurers, reserves
from simulator.fund.adjustment import Adjuster
from simulator.fund.insurers import Insurer
from simulator.fund.plan import Adjusting, Eligible, Policy, Relief
from simulator.fund.plans.basic import Basic
from simulator.fund.relief import Reliever
from simulator.fund.settlement import Financing, Retired
from simulator.scenario.resolve.scope import named
from simulator.scenario.schema.plans import heads
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario

OLDEST = 200
DECIDES = {"compulsory": NOBODY, "voluntary": BY_PERSON, "voluntary_by_family": BY_FAMILY}


def fund_names(scenario: Scenario, rules: Rules) -> list[str]:
    """PLAN@AREA of every basic plan; the place where it has no areas of its own."""
    return [f"{name}@{'+'.join(plan.areas or (scenario.name,))}" for name, plan in rules.basic.items()]


def insurer_names(scenario: Scenario) -> list[str]:
    """Ledger accounts of every other plan that any arm ever has, by its kind: mutual:NAME, insurer:NAME, …"""
    found: dict[str, None] = {}
    for arm in scenario.arms:
        for state in scenario.states(arm):
            for name, plan in state.rules.plans.items():
                if not isinstance(plan, Basic):
                    found[f"{plan.account}:{name}"] = None
    return sorted(found)


def policy_names(scenario: Scenario) -> list[str]:
    """Plans that people choose of every arm, by name."""
    states = (state for arm in scenario.arms for state in scenario.states(arm))
    return sorted({name for state in states for name, plan in state.rules.plans.items() if isinstance(plan, Policy)})


def insure(world: World, rules: Rules, members: dict[str, np.ndarray]) -> None:
    """Let the plans of the rules be in force: financing, mergers, who chooses, who else insures."""
    basic = rules.basic
    merged = heads(basic)
    order = [list(basic).index(head) for head in merged.values()]
    own = [basic[head] for head in merged.values()]
    world.reserve_months = np.array([plan.reserve for plan in own])
    world.reserve_policies = [plan.reserve_policy for plan in own]
    world.enrolment = np.array([DECIDES[plan.enrolment] for plan in own])
    compulsory = (world.enrolment == NOBODY)[world.persons["plan"]]
    world.persons["enrolled"][compulsory] = 1
    money = {what: np.array([getattr(plan, what) for plan in own]) for what in ("premium", "employer", "subsidy")}
    nobody, retired = np.zeros(len(own), np.int64), None
    if any(plan.retired for plan in own):
        other = {what: np.array([plan.of_retired(what) for plan in own]) for what in ("premium", "employer")}
        retired = Retired(nobody, **other)
    world.financing_by_rule = Financing(nobody, **money, retired=retired)
    _merge(world, world.own_fund[order])
    world.count_insured()
    _insurers(world, rules, members)
    _relief(world, rules)
    _adjustments(world, rules)


def products(rules: Rules) -> list[Offer]:
    """What plans that people choose pay for, and for whom."""
    return [
        Offer(plan.payer, product, policy=insurers.bit_of(plan))
        for plan in rules.plans.values()
        if isinstance(plan, Policy)
        for product in plan.cover.values()
    ]


def who_pays(world: World) -> None:
    """Let the insurers in force pay for their products; who has signed the compact is known."""
    world.facilities["compact"] = 0
    for insurer in world.insurers:
        world.facilities["compact"] |= insurer.signed * insurer.bit
        world.payers[:, insurer.plan.payer] = insurer.account


def _merge(world: World, fund: np.ndarray) -> None:
    """Bring funds together, and what they remember of their spending."""
    before = world.accounts.fund
    if (before == fund).all():
        return
    world.accounts = reserves.merge(world.ledger, world.accounts, fund)
    for month, spent in enumerate(world.fund_spent):
        # A fund's spending stands with each of its plans; it is counted once.
        accounts, first = np.unique(before, return_index=True)
        by_account = dict(zip(accounts.tolist(), spent[first].tolist(), strict=True))
        sums = dict.fromkeys(fund.tolist(), 0)
        for old, new in {(int(a), int(b)) for a, b in zip(before, fund, strict=True)}:
            sums[new] += by_account[old]
        world.fund_spent[month] = np.array([sums[int(account)] for account in fund], np.int64)


def _insurers(world: World, rules: Rules, members: dict[str, np.ndarray]) -> None:
    """Start, change or end plans that people choose; one that exists keeps its members and its year."""
    before = {insurer.name: insurer for insurer in world.insurers}
    world.insurers = []
    for name, plan in rules.plans.items():
        if not isinstance(plan, Policy):
            continue
        new = Insurer(
            name=name,
            plan=plan,
            account=world.ledger.index[f"{plan.account}:{name}"],
            open=_open_to(world, plan.eligible),
            signed=_signed(world, plan, members),
            weight=world.weight,
        )
        old = before.pop(name, None)
        if old is not None and old.bit == new.bit:
            new = replace(new, **{what: getattr(old, what) for what in insurers.KEPT})
        world.insurers.append(new)
    for insurer in before.values():
        world.persons["policies"] &= ~insurer.bit
        insurers.wind_up(world.ledger, insurer)


def _open_to(world: World, who: Eligible | None) -> dict[str, np.ndarray]:
    """Who may join, as tables by age, plan, alliance and area of the home."""
    who = who or Eligible()
    words, age = world.words, np.arange(OLDEST)
    return {
        "age": (age >= who.ages_from) & (age < who.ages_below),
        "plan": np.array([who.plans is None or name in who.plans for name in words.plans]),
        "holder": np.array([who.alliances is None or name in who.alliances for name in words.holders]),
        "area": np.array([who.areas is None or name in who.areas for name in words.areas]),
    }


def _signed(world: World, plan: Policy, members: dict[str, np.ndarray]) -> np.ndarray:
    """Facilities of a plan's compact, bool (F,)."""
    if plan.compact is None:
        return np.full(len(world.facilities), plan.all_have_signed)
    signed = np.zeros(len(world.facilities), bool)
    for alliance in plan.compact.alliances or ():
        signed[members[alliance]] = True
    for facility in named(plan.compact.facilities or (), world.words.facilities):
        signed[world.network.row(facility)] = True
    return signed


def _relief(world: World, rules: Rules) -> None:
    """Start or change relief; a plan that ends keeps what it holds."""
    world.charities = [
        Reliever(name, world.ledger.index[f"{plan.account}:{name}"], plan)
        for name, plan in rules.plans.items()
        if isinstance(plan, Relief)
    ]


def _adjustments(world: World, rules: Rules) -> None:
    """Start, change or end adjustment funds; one that exists keeps its year."""
    before = {fund.name: fund for fund in world.adjustments}
    world.adjustments = []
    names, funds = list(rules.basic), world.accounts.fund
    moved = {int(old): int(new) for old, new in zip(world.own_fund, funds, strict=True) if old != new}
    for name, plan in rules.plans.items():
        if isinstance(plan, Adjusting):
            mine = np.unique([funds[names.index(each)] for each in plan.plans or names])
            fund = Adjuster(name, world.ledger.index[f"{plan.account}:{name}"], mine, plan)
            fund.go_on(before.pop(name, None), moved, len(world.ledger.accounts))
            world.adjustments.append(fund)
    for fund in before.values():
        fund.go_on(fund, moved, len(world.ledger.accounts))
        fund.wind_up(world.ledger)
