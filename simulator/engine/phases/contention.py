"""Phase 7, contention: who gets the scarce slots and beds."""

from collections.abc import Callable

import numpy as np

from simulator.core.whole import Whole
from simulator.engine.engine import Engine
from simulator.engine.outreach import clinic_slots
from simulator.engine.passes.contend import STAGES, contend, days_filled, keys_of_flows, slots_taken
from simulator.engine.passes.see import bedded, refer
from simulator.engine.passes.step_down import moved
from simulator.engine.state.blocks import Block, Each
from simulator.engine.state.world import World


def contention(world: World, engine: Engine) -> None:
    """7. First contact, referral, beds, step down: in this order, each in two rounds for scarce places."""
    w, fac = world, world.facilities
    reserved = np.zeros(len(fac), np.int64)
    np.add.at(reserved, fac["slot_pool"], np.ceil(fac["follow_ups"]).astype(np.int64))
    slots = np.maximum(clinic_slots(fac, w.behaviour[0]) - reserved, 0)
    wanted = contend(engine.each, w.whole, slots)
    engine.each(lambda b: refer(w.families, w.persons, fac, w.groups, w.behaviour, w.clock, b.rows, 0, b.end))
    (taken,) = w.whole.total(_sums(slots_taken, engine.each, len(fac), fac))
    wanted = wanted + contend(engine.each, w.whole, np.maximum(slots - taken, 0))
    engine.choose_bed(world)
    contend(engine.each, w.whole, fac["bed_days"])
    engine.each(lambda b: bedded(b.rows, 0, b.end))
    engine.consent(world)
    (filled,) = w.whole.total(_sums(days_filled, engine.each, len(fac)))
    contend(engine.each, w.whole, np.maximum(fac["bed_days"] - filled, 0))
    engine.each(lambda b: moved(b.rows, 0, b.end))
    world.tally.slots_wanted = wanted + reserved
    world.tally.flows = _flows(engine.each, w.whole, len(fac))


def _sums(function: Callable[..., None], each: Each, size: int, *tables: np.ndarray) -> np.ndarray:
    """What a compiled function adds up over the episodes of all blocks, int64 (size,)."""

    def block(b: Block) -> np.ndarray:
        sums = np.zeros(size, np.int64)
        function(b.rows, b.end, *tables, sums)
        return sums

    return sum(each(block), np.zeros(size, np.int64))


def _flows(each: Each, whole: Whole, facilities: int) -> np.ndarray:
    """Who really went from where to where, (from, to, stage, count)."""

    def keys(block: Block) -> np.ndarray:
        found = np.empty(len(STAGES) * block.end, np.int64)
        return found[: keys_of_flows(block.rows, block.end, facilities, found)]

    own, times = np.unique(np.concatenate(each(keys)), return_counts=True)
    rows = whole.gather(np.stack([own, times], axis=1))
    key, of = np.unique(rows[:, 0], return_inverse=True)
    count = np.zeros(len(key), np.int64)
    np.add.at(count, of, rows[:, 1])
    return np.stack([key // facilities % facilities, key % facilities, key // facilities**2, count], axis=1)
