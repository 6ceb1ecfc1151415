"""Terms of trade: what payment rules grant and make providers believe, brought to one row per facility."""

from dataclasses import replace
from typing import Any

import numpy as np

from simulator.core.clock import DAYS_A_MONTH
from simulator.core.money import FEN
from simulator.core.names import CENTRE, INPATIENT, ONLINE, OUTPATIENT, PARTS
from simulator.count.events import EVENTS
from simulator.count.people import HOMES
from simulator.engine.state.world import Usual, World
from simulator.engine.terms.alliances import fund_side, partners, visit_cost, weigh_pools
from simulator.engine.terms.in_use import cells_in_use
from simulator.engine.terms.managed import MONTHS, control_gain
from simulator.engine.terms.panel import levels_by_facility, panel
from simulator.engine.terms.unified import feel_one_purse
from simulator.payment.books import CASES, COVERED, SELF
from simulator.payment.closed import Books, Chosen
from simulator.payment.market import Market
from simulator.payment.price import charge
from simulator.payment.rule import Beliefs
from simulator.payment.tariffs import by_facility
from simulator.practice.beliefs import BELIEFS
from simulator.services import services

SETTING = dict.fromkeys(("visit", "referred_up", "consult", "read"), OUTPATIENT) | dict.fromkeys(
    ("case", "weight", "day", "moved_out", "recorded"), INPATIENT
)
"""Setting of care in which each book entry happens."""
ENTRY = {"recorded": "recorded_down"}
"""Book entry behind a column of another name."""
PANEL_COLUMNS = ("managed", "signed", "served", "outreach")
"""Columns of the beliefs that a panel brings."""
BILLED = ("outpatient", "inpatient", "continued")
"""Columns of the beliefs about a billed yuan, in the order of the settings."""


def market_of(world: World) -> Market:
    """The facts that payment rules may read this month."""
    people = panel(world) if reads_panel(world) else None
    world.usual = Usual.of(world.facilities)
    return Market(
        **by_cell(world, cells_in_use(world)),
        tier=world.facilities["tier"],
        doctors=world.facilities["doctors"] - world.facilities["hired"],
        plans=len(world.words.plans),
        scale=1.0 / world.weight,
        earned=np.mean(world.margins, axis=0) * 12 if world.margins else None,
        groups=world.words.groups,
        panel=people,
        levels=levels_by_facility(world, people) if people else {},
        beds=world.facilities["bed_days"] / DAYS_A_MONTH,
        month=world.month - world.burn_in,
        calendar=int(world.clock[0]["calendar"]),
    )


def by_cell(world: World, chosen: Chosen) -> dict[str, Any]:
    """The facts by cell as they were at the start of the month, of the cells chosen: columns of `Market`."""
    cells, usual, groups = chosen.pick(world.cells), world.usual, world.groups
    outpatient, group = cells["care"] == OUTPATIENT, cells["group"]
    weight = groups["weight"][group]
    where = cells["facility"]
    level = np.where(outpatient, usual.outpatient_level[where], usual.inpatient_level[where])
    return {
        "cells": cells,
        "weight": weight,
        "charge": np.where(outpatient, groups["bill"][group], weight) * level,
        "catalogue": 1.0 - usual.outside[where],
        "chosen": chosen,
    }


def reads_panel(world: World) -> bool:
    """Whether any rule in force looks at who lives where."""
    rules = (*world.system.tariffs.rules.values(), *(rule for rule, _ in world.system.settlements.values()))
    return any(rule.reads_panel for rule in rules)


def settling(world: World) -> Market:
    """The market when the month is over, with what was done in it and the cells used in it."""
    events, fac = world.tally.events, world.facilities
    chosen = cells_in_use(world, world.tally.used)
    if chosen is not world.market.chosen:
        world.market = replace(world.market, **by_cell(world, chosen))
    return replace(
        world.market,
        elsewhere=HOMES.of(world.tally.homes, "elsewhere"),
        activity={
            "went_up": EVENTS.of(events, "went_up"),
            "received_up": EVENTS.of(events, "received_up"),
            "moved": EVENTS.of(events, "moved"),
            "taken_over": EVENTS.of(events, "taken_over"),
            "both_ways": sum(EVENTS.of(events, "sent_home", "back_home")),
            "recorded_down": sum(EVENTS.of(events, "moved", "false_down")),
            "false_down": EVENTS.of(events, "false_down"),
            "turned_away": EVENTS.of(events, "turned_away"),
            "record_worth": world.beliefs["recorded"] * FEN,
            **{count.name: EVENTS.of(events, count.name) for count in services.events()},
            **services.activity(fac),
        },
    )


def books_of(world: World) -> Books:
    """The closed books over the cells of the month's market."""
    return world.books.over(world.market.chosen)


def believe(world: World) -> None:
    """Fill the beliefs of every facility from the rules in force and last months' books."""
    market, books, fac = world.market, books_of(world), world.facilities
    believed = world.system.tariffs.believed(market, books)
    above_tariffs = [pair for pair in world.system.settlements.values() if pair[0].says_beliefs()]
    fund = fund_side(world, believed) if above_tariffs else {}
    share = np.zeros(len(fac))
    earned = dict(believed)
    for rule, mine in world.system.settlements.values():
        share += rule.shared_margin(market, market.pick(mine))
    for rule, mine in above_tariffs:
        for key, values in rule.believed(market, books, fund, market.pick(mine)).items():
            earned[key] = earned.get(key, 0.0) + values
    fac["pass_through"] = share
    feel_one_purse(world)
    thresholds = world.system.tariffs.outliers(market)
    fac["outlier_high"], fac["outlier_low"] = thresholds[:, 0], thresholds[:, 1]
    table = world.beliefs
    entries(world, earned, table)
    _panel(world, earned)
    services.believe(table, world.system.services)
    _usual(world)
    if world.alliances:
        _together(world, believed)


def entries(world: World, believed: Beliefs, table: np.ndarray) -> None:
    """Bring what one more entry earns in each cell to one row per facility: the mean over its cases."""
    year, cells = books_of(world).year, world.market.cells
    weights = year[:, CASES] if year is not None else np.ones(len(cells))
    mean = by_facility(believed, cells, weights, len(world.facilities))
    none = np.zeros((len(world.facilities), 3))
    for p, part in enumerate(PARTS):
        earned = mean.get(part, none)
        for setting, column in enumerate(BILLED):
            table[column][:, p] = earned[:, setting]
    for column, setting in SETTING.items():
        table[column] = mean.get(ENTRY.get(column, column), none)[:, setting] / FEN
    table["moved_in"] = mean.get("moved_in", none)[:, 2] / FEN
    table["continued_day"] = mean.get("day", none)[:, 2] / FEN


def _panel(world: World, earned: Beliefs) -> None:
    """What a panel brings: follow-up of its patients and the control that comes of it, contracts, and what
    its people cost elsewhere when sent up."""
    table, none = world.beliefs, np.zeros(len(world.facilities))
    for entry in PANEL_COLUMNS:
        table[entry] = earned.get(("panel", entry), none) / FEN
    controlled = earned.get(("panel", "controlled"), none)
    if controlled.any():
        table["managed"] += controlled * control_gain(world, world.facilities["capability"]) / MONTHS / FEN
    elsewhere = earned.get(("panel", "elsewhere"), none)
    if elsewhere.any():
        table["referred_up"] += elsewhere * _hospital_visit(world) / FEN


def _hospital_visit(world: World) -> float:
    """The fund's part, by the benefit table, of a usual visit at a hospital, fen."""
    year, cells = books_of(world).year, world.market.cells
    if year is None:
        return 0.0
    visits = (cells["care"] == OUTPATIENT) & (cells["tier"] > CENTRE) & (cells["tier"] < ONLINE)
    fund = year[visits, COVERED].sum() - year[visits, SELF].sum()
    return float(fund) / max(float(year[visits, CASES].sum()), 1.0)


def _together(world: World, believed: Beliefs) -> None:
    """Add what alliances make of it: the pool's side of every entry, and the other side of a step down."""
    table = world.beliefs
    lost, weight = weigh_pools(world, believed)
    pool_side = BELIEFS.rows(len(world.facilities))
    entries(world, lost, pool_side)
    partners(world, pool_side, weight)
    for pool in world.pools:
        table["managed"] += weight * pool.members * pool.acts_worth(pool.by_managing) / FEN
    for column in (*SETTING, "moved_in", "continued_day"):
        table[column] += weight * pool_side[column]
    for column in BILLED:
        table[column] += weight[:, None] * pool_side[column]
    table["referred_up"] -= weight * visit_cost(world)


def _usual(world: World) -> None:
    """The usual visit, the usual admission of a tier, and that of the hospitals, as providers remember it."""
    table, tier, facts = world.beliefs, world.facilities["tier"], world.facts
    table["case_bill"], table["case_weight"], table["case_days"] = (
        facts.bill[tier],
        facts.weight[tier],
        facts.days[tier],
    )
    table["visit_bill"] = _usual_visit(world)
    hospital = (tier > CENTRE) & (world.facilities["bed_days"] > 0)
    beds = world.facilities["bed_days"][hospital].astype(float)
    for column, fact in (("sender_bill", facts.bill), ("sender_weight", facts.weight), ("sender_days", facts.days)):
        table[column] = (fact[tier[hospital]] * beds).sum() / max(beds.sum(), 1.0)
    centres = world.facilities["capability"][tier == CENTRE]
    table["centre_capability"] = centres.mean() if len(centres) else 0.0


def _usual_visit(world: World) -> np.ndarray:
    """Usual charge of a visit at each facility, yuan (F,)."""
    cells, year = world.market.cells, books_of(world).year
    visits = cells["care"] == OUTPATIENT
    where = cells["facility"][visits]
    billed = world.market.charge if year is None else charge(year)
    cases = np.ones(len(billed)) if year is None else year[:, CASES]
    yuan, seen = (np.bincount(where, x[visits], len(world.facilities)) for x in (billed, cases))
    return yuan / np.maximum(seen, 1) / FEN
