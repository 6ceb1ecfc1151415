"""Phase 8, contention: who gets the scarce slots and beds."""

import numpy as np

from simulator.core.whole import Whole
from simulator.engine.engine import Engine
from simulator.engine.passes.admission import bedded, list_needing
from simulator.engine.passes.care.lanes import lanes_of_thread
from simulator.engine.passes.contend import contend
from simulator.engine.passes.flows import list_flows
from simulator.engine.passes.referral import refer
from simulator.engine.passes.step_down import moved
from simulator.engine.state.blocks import Block, Each
from simulator.engine.state.in_force import in_force
from simulator.engine.state.world import World
from simulator.engine.terms.clinic import clinic_slots, most_bed_days, most_slots


def contention(world: World, engine: Engine) -> None:
    """8. First contact, referral, beds, step down: in this order, each in two rounds for scarce places."""
    w, fac = world, world.facilities
    reserved = np.zeros(len(fac), np.int64)
    np.add.at(reserved, fac["slot_pool"], np.ceil(fac["follow_ups"]).astype(np.int64))
    offered, bed_days = clinic_slots(fac, w.behaviour[0]), most_bed_days(fac, w.behaviour[0])
    slots = np.maximum(most_slots(offered, w.behaviour[0]) - reserved, 0)
    visits = contend(engine.each, w.whole, slots)
    force = in_force(w)
    engine.each(lambda b: refer(w.families, w.persons, force, b.rows, 0, b.end, lanes_of_thread()))
    referrals = contend(engine.each, w.whole, slots - visits.given)
    engine.choose_bed(world)
    engine.each(_note_asked)
    beds = contend(engine.each, w.whole, bed_days, again=True)
    engine.each(lambda b: bedded(b.rows, b.needing_bed))
    engine.consent(world)
    contend(engine.each, w.whole, np.maximum(bed_days - beds.given, 0), again=True)
    engine.each(lambda b: moved(b.rows, b.needing_bed))
    world.tally.slots = offered
    world.tally.slots_wanted = visits.wanted + referrals.wanted + reserved
    world.tally.flows = _flows(engine.each, w.whole, len(fac))


def _note_asked(block: Block) -> None:
    """Few ask for a bed; what follows looks at them alone."""
    found = np.empty(block.end, np.int64)
    block.needing_bed = found[: list_needing(block.rows[: block.end], found)].copy()


def _flows(each: Each, whole: Whole, facilities: int) -> np.ndarray:
    """Who really went from where to where, (from, to, stage, count)."""

    def keys(block: Block) -> np.ndarray:
        found = np.empty(3 * block.end, np.int64)
        return found[: list_flows(block.rows[: block.end], facilities, found)]

    own, times = np.unique(np.concatenate(each(keys)), return_counts=True)
    rows = whole.gather(np.stack([own, times], axis=1))
    key, of = np.unique(rows[:, 0], return_inverse=True)
    count = np.zeros(len(key), np.int64)
    np.add.at(count, of, rows[:, 1])
    return np.stack([key // facilities % facilities, key % facilities, key // facilities**2, count], axis=1)
