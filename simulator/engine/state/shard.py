"""A part of a world: some of its families with all that is not families; and how parts are kept and put together."""

import copy
import os
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from simulator.core.table import copied
from simulator.core.whole import ALONE
from simulator.engine.state.world import World


@dataclass(frozen=True, slots=True)
class Tables:
    """Families, persons and what few rules keep of them, of a world or of a part of it."""

    families: np.ndarray
    persons: np.ndarray
    rare: np.ndarray

    def put_into(self, world: World) -> None:
        """Let the world have these."""
        world.families, world.persons, world.rare = self.families, self.persons, self.rare


def tables_of(world: World) -> Tables:
    """The tables of a world."""
    return Tables(world.families, world.persons, world.rare)


def edges_of(families: np.ndarray, parts: int) -> list[int]:
    """Rows at which ``parts`` begin, and the end: whole communities, about as many persons in each.

    ``families`` is the table of all, in the order of communities. There are fewer parts where there are fewer
    communities.
    """
    place = families["community"][:-1]
    begins = np.concatenate([[0], np.flatnonzero(place[1:] != place[:-1]) + 1, [len(place)]])
    before = families["first"][begins]
    wanted = [before[-1] * k / parts for k in range(1, parts)]
    inner = begins[np.searchsorted(before, wanted)].tolist()
    return sorted({0, *inner, len(place)})


def cut(world: World, edges: Sequence[int]) -> list[Tables]:
    """The tables of families from each of ``edges`` to the next, counted from the part's own first row. The number of a
    person, which keys draws, stays."""
    parts = []
    for low, high in pairwise(edges):
        first, end = world.families["first"][[low, high]]
        families, persons = world.families[low : high + 1].copy(), world.persons[first:end].copy()
        families["first"] -= first
        persons["family"] -= low
        persons["row"] -= first
        parts.append(Tables(families, persons, copied(world.rare[first:end])))
    return parts


def joined(parts: Sequence[Tables]) -> Tables:
    """The tables of all parts as one, as they were before they were cut."""
    families, persons, rare = [], [], []
    low, first = 0, 0
    for part in parts:
        own, people = part.families.copy(), part.persons.copy()
        own["first"] += first
        people["family"] += low
        people["row"] += first
        families.append(own[:-1] if part is not parts[-1] else own)
        persons.append(people)
        rare.append(part.rare)
        low, first = low + len(own) - 1, first + len(people)
    return Tables(np.concatenate(families), np.concatenate(persons), np.concatenate(rare))


def bare(world: World) -> World:
    """A copy of a world without any family, and without what is due, which the scenario says."""
    nobody = Tables(world.families[-1:].copy(), world.persons[:0].copy(), world.rare[:0].copy())
    nobody.families["first"] = 0
    tables, due = tables_of(world), world.scheduled
    try:
        nobody.put_into(world)
        world.scheduled = []
        return world.copy()
    finally:
        tables.put_into(world)
        world.scheduled = due


def keep(world: World, file: Path) -> None:
    """Write a world to a file: all of it, or nothing where the process ends in between."""
    kept = copy.copy(world)
    kept.scheduled, kept.whole, kept.spare_counts = [], ALONE, None
    unfinished = file.with_suffix(".unfinished")
    file.parent.mkdir(parents=True, exist_ok=True)
    with unfinished.open("wb") as out:
        pickle.dump(kept, out, protocol=5)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)


def kept(file: Path) -> World:
    """The world of a file."""
    with file.open("rb") as source:
        return pickle.load(source)
