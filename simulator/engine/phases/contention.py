"""Phase 7, contention: who gets the scarce slots and beds."""

import numpy as np

from simulator.engine.engine import Engine
from simulator.engine.outreach import clinic_slots
from simulator.engine.passes.contend import contend
from simulator.engine.passes.see import bedded, refer
from simulator.engine.passes.step_down import moved
from simulator.engine.state.blocks import Each
from simulator.engine.state.world import World

UP, DOWN, ADMITTED, RETURNED = range(4)
STAGES = ("up", "down", "admitted", "returned")
"""Kinds of real flow between facilities."""


def contention(world: World, engine: Engine) -> None:
    """7. First contact, referral, beds, step down: in this order, each in two rounds for scarce places."""
    w, fac = world, world.facilities
    reserved = np.zeros(len(fac), np.int64)
    np.add.at(reserved, fac["slot_pool"], np.ceil(fac["follow_ups"]).astype(np.int64))
    slots = np.maximum(clinic_slots(fac, w.behaviour[0]) - reserved, 0)
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
