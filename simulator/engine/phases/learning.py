"""Phase 11: what facilities remember of the month. Everything moves part of the way, so nothing rings."""

import numpy as np

from simulator.alliance import channels
from simulator.core.clock import DECEMBER
from simulator.core.money import FEN
from simulator.core.names import INPATIENT, TIERS
from simulator.count.events import EVENTS
from simulator.engine.engine import Engine
from simulator.engine.state.world import World
from simulator.engine.terms.clinic import most_bed_days
from simulator.fund.pools import EQUIPMENT, TRAINING
from simulator.payment.books import CASES, DAYS, IDLE, SPLIT, WEIGHT
from simulator.payment.price import charge
from simulator.practice.capability import built, invest, practise_all
from simulator.practice.conduct import appointment_delay, expected_wait
from simulator.services import services

SEEN = [EVENTS[name] for name in ("first_contacts", "follow_ups", "received_up", "taken_on", "bed_days")]
"""Events that make experience."""
FACTS_ADJUST = 0.1
"""Share of the way that the memory of a usual admission moves in a month."""


def learning(world: World, engine: Engine) -> None:
    """11. Update waits, use, follow-ups, incomes and the usual admission of each tier."""
    fac, tally, par = world.facilities, world.tally, world.behaviour[0]
    slots = tally.slots[fac["slot_pool"]]
    use = np.where(slots > 0, tally.slots_wanted[fac["slot_pool"]] / np.maximum(slots, 1), 0.0)
    fac["clinic_use"] += par["wait_adjust"] * (use - fac["clinic_use"])
    fac["delay"] = appointment_delay(fac["base_wait"], fac["clinic_use"], par)
    fac["wait"] = expected_wait(fac["base_wait"], fac["clinic_use"], fac["delay"], par)
    beds = fac["bed_days"]
    days = EVENTS.of(tally.events, "bed_days")
    fac["days_begun"] = np.maximum(fac["days_begun"] + days - most_bed_days(fac, par), 0)
    filled = np.where(beds > 0, days / np.maximum(beds, 1), 0.0)
    fac["bed_use"] += par["wait_adjust"] * (filled - fac["bed_use"])
    fac["follow_ups"] += par["wait_adjust"] * (EVENTS.of(tally.events, "follow_ups") - fac["follow_ups"])
    # what budgets shared out in December counts month by month until the next one
    margin = tally.settled.margin - tally.settled.budget_share
    for pool in world.pools:
        margin = margin + pool.shared / 12
    if world.month == 0:
        fac["income"] = margin
    fac["income"] += par["income_adjust"] * (margin - fac["income"])
    if world.month == world.burn_in - 1:
        fac["income_before"] = fac["income"]
    elif world.reported:
        fac["income_before"] += par["used_to"] * (fac["income"] - fac["income_before"])
    _practise(world)
    lift = services.lift(fac, par) + channels.lift(fac, par)
    goal = fac["capability_goal"] + lift + built(fac, par) + fac["added"] - fac["drawn"]
    fac["capability"] += par["capability_adjust"] * (goal - fac["capability"])
    fac["known"] += par["known_adjust"] * (fac["capability"] - fac["known"])
    _usual_admission(world)
    _usual_referral(world)


def _practise(world: World) -> None:
    """What was spent on training and equipment, and at the end of a year what was practised, against the last full
    year before reporting."""
    fac, par, paid = world.facilities, world.behaviour[0], world.tally.settled.paid
    none = np.zeros(len(fac), np.int64)
    yuan = (sum((paid.get(kind, none) for kind in kinds), none) / FEN for kinds in (TRAINING, EQUIPMENT))
    invest(fac, *yuan, par)
    if int(world.clock[0]["calendar"]) != DECEMBER or world.month < DECEMBER - 1:
        return
    volume = world.year_sums["events"][:, SEEN].sum(axis=1).astype(float)
    if world.month < world.burn_in or not fac["usual_volume"].any():
        fac["usual_volume"] = volume
        return
    practise_all(fac, volume, world.behaviour)


def _usual_admission(world: World) -> None:
    """Bill, weight and stay of a usual admission by tier, slowly."""
    used = world.tally.used
    used = used[world.cells["care"][used] == INPATIENT]
    tier, counts = world.cells["tier"][used], world.tally.counts[used]

    def total(values: np.ndarray) -> np.ndarray:
        sums = np.zeros(len(TIERS), np.int64)
        np.add.at(sums, tier, values)
        return sums

    # what providers remember is what they did, whatever they billed
    cases, facts = total(counts[:, CASES] - counts[:, SPLIT]), world.facts
    any_case = cases > 0
    for memory, now in (
        (facts.bill, total(charge(counts)) / np.maximum(cases, 1) / 100),
        (facts.weight, total(counts[:, WEIGHT]) / np.maximum(cases, 1) / 1000),
        (facts.days, total(counts[:, DAYS] - counts[:, IDLE]) / np.maximum(cases, 1)),
    ):
        memory[any_case] += FACTS_ADJUST * (now - memory)[any_case]


def _usual_referral(world: World) -> None:
    """Share of a tier's patients who were referred up to it, slowly."""
    seen = EVENTS.of(world.tally.events, "received_up", "first_contacts", "taken_on")
    referred, first, over = (np.bincount(world.facilities["tier"], each, len(TIERS)) for each in seen)
    every = referred + first + over
    some = every > 0
    share = referred / np.maximum(every, 1)
    world.facts.referred[some] += FACTS_ADJUST * (share - world.facts.referred)[some]
