"""The month, written once: eleven phases in order. Both engines run this list."""

import calendar
from collections.abc import Callable
from typing import Protocol

import numpy as np

from simulator.core.money import total
from simulator.engine.alliances import budget_shares
from simulator.engine.better_cover import value_contracts
from simulator.engine.contend import Block, Each, contend
from simulator.engine.enrol import Choice, choices, conclude
from simulator.engine.fast import SUMS, Sums
from simulator.engine.learn import learn
from simulator.engine.life import mean_trust
from simulator.engine.outreach import moved_slots, presence
from simulator.engine.see import bedded, refer
from simulator.engine.step_down import moved
from simulator.engine.together import together, weigh_insurers, work
from simulator.engine.trade import believe, market_of, settling
from simulator.engine.unified import share_beds, share_purse
from simulator.engine.world import Tally, World
from simulator.fund.adjustment import PAID_IN
from simulator.fund.checks import check_month
from simulator.fund.extras import check_accounts, check_extras, credit_accounts
from simulator.fund.insurers import close_year
from simulator.fund.pools import DECEMBER
from simulator.fund.reserves import months_held
from simulator.fund.settlement import post_financing, set_reserves, settle_month
from simulator.practice.conduct import levels

JANUARY = 1
UP, DOWN, ADMITTED, RETURNED = range(4)
STAGES = ("up", "down", "admitted", "returned")
"""Kinds of real flow between facilities."""


class Engine(Protocol):
    """How a month's decisions are made: in compiled passes, or by agents one by one."""

    def each(self, function: Callable[[Block], object], /) -> list: ...

    def enrol(self, world: World, choice: Choice) -> None: ...
    def decide(self, world: World) -> None: ...
    def live(self, world: World, near: np.ndarray, sums: Sums) -> None: ...
    def choose(self, world: World) -> None: ...
    def choose_bed(self, world: World) -> None: ...
    def consent(self, world: World) -> None: ...
    def receive(self, world: World, sums: Sums) -> None: ...


def reforms(world: World, engine: Engine) -> None:
    """1. The clock moves on, and changes due this month are made."""
    year, month = (int(part) for part in world.label().split("-"))
    clock = world.clock[0]
    if world.month:
        clock["first_day"] += clock["days"]
    clock["month"], clock["calendar"] = world.month, month
    clock["days"] = calendar.monthrange(year, month)[1]
    for when, change in world.due:
        if when == world.month:
            change(world)
    sums = Sums(world)
    none = np.zeros((0, 4), np.int64)
    unasked = np.zeros(len(world.facilities))
    world.tally = Tally(sums.counts, sums.events, sums.plans, sums.incomes, none, sums.homes, unasked, sums.extras)
    if month == JANUARY:
        world.year = {}


def financing(world: World, engine: Engine) -> None:
    """2. People choose their insurance; premiums, subsidies and donations come in; what cover a contract betters is
    valued. When reporting begins, funds hold the reserve that the scenario says; later, in January, they look after
    it."""
    calendar = int(world.clock[0]["calendar"])
    if calendar == JANUARY:
        for adjustment in world.adjustments:
            adjustment.draw(world.ledger)
    if world.month == world.burn_in:
        months = min(len(world.spent), 12)
        monthly = np.sum(world.spent[-12:], axis=0) / months if months else _yearly(world) / 12
        set_reserves(world.ledger, world.accounts, np.rint(monthly * world.reserve_months).astype(np.int64))
        for adjustment in world.adjustments:
            adjustment.empty(world.ledger)
    elif calendar == JANUARY and world.month > world.burn_in:
        keep_reserves(world)
    for choice, insurer in choices(world, calendar):
        engine.enrol(world, choice)
        conclude(world, choice, insurer, calendar)
    value_contracts(world, calendar)
    income = post_financing(world.ledger, world.accounts, world.financing, calendar)
    for adjustment in world.adjustments:
        adjustment.collect(world.ledger, income)
    credit_accounts(world.ledger, world.families, world.persons, world.credit, world.credited_by, calendar)
    for charity in world.charities:
        charity.begin_month(world.ledger, world.families[:-1], len(world.persons), calendar)


def keep_reserves(world: World) -> None:
    """Funds with a reserve policy ask for more or less this year."""
    balance, spent = world.ledger.balance[world.accounts.fund], total(world.spent, len(world.accounts.fund))
    for p, corridor in enumerate(world.corridors):
        if corridor is not None:
            months = float(months_held(balance[p], spent[p], len(world.spent)))
            world.asked[p] = corridor.next(float(world.asked[p]), months, world.held.get(p))
            world.held[p] = months
    world.count_insured()


def _yearly(world: World) -> np.ndarray:
    """Yearly income of each fund, fen (P,)."""
    money = world.financing
    return money.insured * (money.premium + money.employer + money.subsidy)


def terms_of_trade(world: World, engine: Engine) -> None:
    """3. What providers are allowed and believe to be, and what families pay."""
    world.market = market_of(world)
    believe(world)
    weigh_insurers(world)
    levels(world.facilities, float(world.behaviour[0]["stay_part"]))


def conduct(world: World, engine: Engine) -> None:
    """4. Doctors and facilities choose this month's practice from last month's books."""
    share_beds(world)
    if world.month:
        engine.decide(world)
        world.facilities["specialists"] = presence(world.facilities, world.behaviour[0])
        levels(world.facilities, float(world.behaviour[0]["stay_part"]))


def life(world: World, engine: Engine) -> None:
    """5. Births, deaths, the course of disease; neighbours' trust as it was at the start of the month."""
    sums, counts = np.zeros((2, len(world.facilities)), np.int64)
    mean_trust(world.families, 0, len(world.families) - 1, sums, counts)
    near = sums / np.maximum(counts, 1) / 1e6
    engine.live(world, near, _into(world))


def care(world: World, engine: Engine) -> None:
    """6. Families, member by member: who is ill, how badly, where they want to go, and whether."""
    engine.choose(world)


def contention(world: World, engine: Engine) -> None:
    """7. First contact, referral, beds, step down: in this order, each in two rounds for scarce places."""
    w, fac = world, world.facilities
    reserved = np.zeros(len(fac), np.int64)
    np.add.at(reserved, fac["slot_pool"], np.ceil(fac["follow_ups"]).astype(np.int64))
    slots = np.maximum(fac["slots"] + moved_slots(fac, w.behaviour[0]) - reserved, 0)
    wanted = contend(engine.each, slots)
    engine.each(lambda b: refer(w.families, w.persons, fac, w.groups, w.behaviour, w.clock, b.rows, 0, b.end))
    taken = np.zeros(len(fac), np.int64)
    for block_taken in engine.each(lambda b: _seen(b.rows[: b.end], fac)):
        taken += block_taken
    wanted = wanted + contend(engine.each, np.maximum(slots - taken, 0))
    engine.choose_bed(world)
    contend(engine.each, fac["bed_days"])
    engine.each(lambda b: bedded(b.rows, 0, b.end))
    engine.consent(world)
    filled = sum(engine.each(lambda b: _filled(b.rows[: b.end], len(fac))))
    contend(engine.each, np.maximum(fac["bed_days"] - filled, 0))
    engine.each(lambda b: moved(b.rows, 0, b.end))
    world.tally.slots_wanted = wanted + reserved
    world.tally.flows = _flows(engine.each, len(fac))


def pay(world: World, engine: Engine) -> None:
    """8. Families get their outcomes: bills by day on running deductibles, books, trust and habit."""
    engine.receive(world, _into(world))


def settle(world: World, engine: Engine) -> None:
    """9. Rules price the counts, money moves, the month's ledger is closed and checked."""
    w, tally = world, world.tally
    # families wrote cell by cell; from here on whole columns are read, which is quicker where each lies together
    tally.counts = np.asfortranarray(tally.counts)
    w.year["plans"] = w.year.get("plans", 0) + tally.plans
    w.year["events"] = w.year.get("events", 0) + tally.events
    w.homes = [*w.homes[-11:], tally.homes]
    market = settling(w)
    extras = (w.payers, tally.extras.sum(axis=2))
    tally.settled = settle_month(
        w.ledger, w.accounts, w.system, market, w.books, tally.counts, w.pools, budget_shares(w), extras
    )
    insurance(w)
    share_purse(w)
    tally.ledger = w.ledger.close()
    for insurer in w.insurers:
        insurer.count(w.ledger, tally.ledger)
    check_month(w.ledger, tally.ledger, w.accounts, w.system, market, tally.counts, tally.settled)
    check_extras(w.ledger, tally.ledger, w.accounts.facility, *extras)
    check_accounts(w.ledger, w.families[:-1])
    w.margins = [*w.margins[-11:], tally.settled.margin]
    fund = w.accounts.fund
    rows = tally.ledger.postings
    paid = np.zeros(len(w.ledger.accounts), np.int64)
    aside = [w.ledger.kinds.index(kind) for kind in ("reserve", "merger", PAID_IN) if kind in w.ledger.kinds]
    spending = ~np.isin(rows["kind"], aside)
    np.add.at(paid, rows["payer"][spending], rows["fen"][spending])
    refunds = np.isin(rows["payer"], w.accounts.facility)
    np.subtract.at(paid, rows["payee"][refunds], rows["fen"][refunds])
    w.spent = [*w.spent[-11:], paid[fund]]
    for adjustment in w.adjustments:
        adjustment.spent[adjustment.funds] += paid[adjustment.funds]


def insurance(world: World) -> None:
    """What the insurers beside the funds do once the month's bills are paid: relief is given, in December
    surpluses and profits are shared out."""
    families, paid = world.families[:-1], world.tally.settled.paid
    for charity in world.charities:
        families["paid_year"] -= charity.relieve(world.ledger, families)
    for insurer in world.insurers:
        for kind, fen in together(world, insurer).items():
            paid[kind] = paid.get(kind, 0) + fen
    if int(world.clock[0]["calendar"]) == DECEMBER:
        for insurer in world.insurers:
            for kind, fen in close_year(world.ledger, world.accounts, insurer, work(world)).items():
                paid[kind] = paid.get(kind, 0) + fen


def learning(world: World, engine: Engine) -> None:
    """10. Waits, use of beds and incomes enter the memories of facilities."""
    learn(world)


def observe(world: World, engine: Engine) -> None:
    """11. The month is over; whoever watches reads `world.tally`."""
    world.month += 1


PHASES = (reforms, financing, terms_of_trade, conduct, life, care, contention, pay, settle, learning, observe)


def run_month(world: World, engine: Engine, watch: Callable[[World], None] = lambda world: None) -> None:
    """One month; ``watch`` is called when everything has happened and the month is not yet over."""
    for phase in PHASES:
        if phase is observe:
            watch(world)
        phase(world, engine)


def _into(world: World) -> Sums:
    """The month's sums, as the passes add to them."""
    sums = Sums.__new__(Sums)
    tally = world.tally
    for name in SUMS:
        setattr(sums, name, getattr(tally, name))
    return sums


def _seen(rows: np.ndarray, facilities: np.ndarray) -> np.ndarray:
    """Slots taken by first contacts, by pool."""
    seen = rows["seen"][rows["seen"] >= 0]
    return np.bincount(facilities["slot_pool"][seen], minlength=len(facilities))


def _filled(rows: np.ndarray, facilities: int) -> np.ndarray:
    """Bed-days filled by admissions, by facility; exact, as both factors are whole."""
    taken = rows[rows["admitted"] >= 0]
    return np.bincount(taken["admitted"], weights=taken["days"], minlength=facilities).astype(np.int64)


def _flows(each: Each, facilities: int) -> np.ndarray:
    """Who really went from where to where, (from, to, stage, count)."""

    def keys(block) -> np.ndarray:
        rows = block.rows[: block.end]
        last = np.where(rows["referred"] >= 0, rows["referred"], rows["seen"])
        returning = rows["kind"] == 2
        found = []
        for stage, start, end, happened in (
            (UP, rows["seen"], rows["referred"], rows["referred"] >= 0),
            (DOWN, rows["admitted"], rows["moved_to"], rows["moved_to"] >= 0),
            (ADMITTED, last, rows["admitted"], (rows["admitted"] >= 0) & (last >= 0) & (last != rows["admitted"])),
            (RETURNED, rows["admitted"], rows["admitted"], (rows["admitted"] >= 0) & returning),
        ):
            found.append((stage * facilities + start[happened].astype(np.int64)) * facilities + end[happened])
        return np.concatenate(found)

    key, count = np.unique(np.concatenate(each(keys)), return_counts=True)
    return np.stack([key // facilities % facilities, key % facilities, key // facilities**2, count], axis=1)
