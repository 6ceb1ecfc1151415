"""What families pay, from a scenario to a world: the cover table, supplementary payers, personal accounts."""

from collections.abc import Sequence

import numpy as np

from simulator.benefit.cover import Cover
from simulator.benefit.cover_table import Adjustment, bits_read, cover_table
from simulator.benefit.layers import Offer, medical_aid, product_rows
from simulator.core.names import CARE, TIERS
from simulator.engine.state.world import World
from simulator.fund.extras import named, payer_accounts
from simulator.scenario.schema.plans import heads
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario
from simulator.services import services

SETTINGS = CARE[:2]
"""Settings that a cover table tells apart."""


def put_benefit_in_force(world: World, rules: Rules, offers: Sequence[Offer] = ()) -> None:
    """Let families pay by these rules from this month on; ``offers`` are products of payers beside medical aid."""
    plans = [rules.benefit[name] for name in heads(rules.basic).values()]
    world.cover = cover_of(rules, world.words.groups, offers)
    world.payers = payer_accounts(world.ledger, world.accounts.fund)
    accounts = [plan.personal_account for plan in plans]
    credits = [account.credits() if account else ((0, ""), (0, "")) for account in accounts]
    world.credit = np.array([[fen for fen, _ in each] for each in credits], np.int64).T
    by_fund = np.array([[payer == "fund" for _, payer in each] for each in credits]).T
    world.credited_by = np.where(by_fund, world.accounts.fund, world.accounts.employers)
    world.facilities["away"] = 0
    for code, plan in enumerate(plans):
        if plan.cross_region:
            there = [world.words.areas.index(area) for area in plan.cross_region.areas]
            world.facilities["away"] |= np.isin(world.facilities["area"], there).astype(np.int64) << code


def cover_of(rules: Rules, groups: Sequence[str], offers: Sequence[Offer] = ()) -> Cover:
    """What families pay under the rules; ``groups`` are the names of the case groups."""
    names = list(heads(rules.basic).values())
    aid = [offer for code, name in enumerate(names) for offer in medical_aid(rules.benefit[name], code)]
    changes = adjustments_of(rules, names)
    changed_by = services.fills(services.terms_in_force(rules.services, None))
    return Cover(
        cover_table(rules.benefit, names, changes, changed_by),
        product_rows([*aid, *offers], groups),
        bits_read(rules.benefit, changes),
    )


def adjustments_of(rules: Rules, plans: Sequence[str]) -> list[Adjustment]:
    """The adjustments of the rules, in codes of ``plans``."""
    found = []
    for block in rules.adjustments.values():
        scope = block.scope if block.scope != "all" else None

        def codes(dimension: str, words: Sequence[str], scope=scope) -> list[int]:
            """Codes of what a scope names in a dimension; all where it names nothing."""
            said = getattr(scope, dimension, None)
            return [code for code, word in enumerate(words) if said is None or word in said]

        found.append(
            Adjustment(
                plans=codes("plans", plans),
                care=codes("care", SETTINGS),
                tiers=codes("tiers", TIERS),
                when=block.when,
                points=block.fund_pays,
                deductible=block.deductible,
                ceiling=block.ceiling,
                waives=block.waives,
            )
        )
    return found


def accounts_needed(scenario: Scenario) -> list[str]:
    """Accounts that supplementary payers of any arm at any date need beside those that every run has."""
    states = [state.rules for arm in scenario.arms for state in scenario.states(arm)]
    uses = any(plan.personal_account for rules in states for plan in rules.benefit.values())
    return list(named(["account"] if uses else []))
