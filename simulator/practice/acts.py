"""Every act of providers, as the files of ``actions/`` have it, and what is made of all of them."""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Literal

import numpy as np

from simulator.core.jit import compiled, written_out
from simulator.core.names import CENTRE, TERTIARY
from simulator.core.rooms import rooms
from simulator.core.table import Column
from simulator.practice.act import Act, Found, Seen, Shown, is_money
from simulator.practice.weigh import feel_income, toward

ACTS = {name: Found.of(name, room) for name, room in rooms("simulator.practice.actions").items()}
"""The acts by their names, which are those of their files."""
SEEN: dict[str, Seen] = {name: found.act.seen for name, found in ACTS.items() if found.act.seen}
"""Margins that are reported, by the act."""


def columns() -> tuple[Column, ...]:
    """What the acts add to the table of facilities."""
    return tuple(found.act.column for found in ACTS.values())


def shown() -> Iterator[tuple[Act, str, str, Shown]]:
    """All that is shown of providers, conduct before margins: the act, column of results, its unit, how it is shown."""
    for found in ACTS.values():
        for name, how in found.act.shown.items():
            yield found.act, name, found.act.column.unit, how
    for name, seen in SEEN.items():
        yield ACTS[name].act, seen.name, seen.unit, seen.shown


def conduct(facilities: np.ndarray, weight: float) -> dict[str, np.ndarray]:
    """What providers do, columns of results (F,); ``weight`` is people per sampled person."""
    made = {}
    for found in ACTS.values():
        act, values = found.act, facilities[found.act.column.name]
        scaled = values * weight if act.reported else values.copy()
        for n, name in enumerate(act.results):
            made[name] = scaled if act.column.size == 1 else scaled[:, n].copy()
    return made


def described() -> dict[str, tuple[str, str]]:
    """Unit and meaning of the columns of results, by their names."""
    done = {name: found.act.column for found in ACTS.values() for name in found.act.results}
    made = {name: (column.unit, column.meaning) for name, column in done.items()}
    return made | {seen.name: (seen.unit, seen.meaning) for seen in SEEN.values()}


def money_columns() -> tuple[str, ...]:
    """Columns of results in yuan."""
    return tuple(name for name, (unit, _) in described().items() if is_money(unit))


def margins_seen(facilities: np.ndarray, beliefs: np.ndarray, behaviour: np.ndarray) -> dict[str, np.ndarray]:
    """The margins that providers saw when they decided, columns of results (F,); nothing in the model reads them back.

    Args:
        facilities: (F,) rows of the table of facilities.
        beliefs: (F,) rows of the table of beliefs.
        behaviour: (1,) its one row.
    """
    out = np.zeros((len(facilities), len(SEEN)))
    fill_margins(facilities, beliefs, behaviour, out)
    return {seen.name: out[:, k] for k, seen in enumerate(SEEN.values())}


def added_slots(facilities: np.ndarray, par: np.ndarray) -> np.ndarray:
    """Clinic slots that acts add or take this month, int64 (F,)."""
    return sum((f.slots(facilities, par) for f in ACTS.values() if f.slots), np.zeros(len(facilities), np.int64))


def _line(found: Found) -> str:
    """The act in the pass of its doer: part of the way toward its goal, within bounds, where it can be done."""
    act, lines = found.act, [f"    if {found.act.where.condition}:"]
    for n in range(act.column.size):
        here = f"facility.{act.column.name}" + (f"[{n}]" if act.column.size > 1 else "")
        goal = f"{found.name}(facility, belief, par{f', {n}' if act.column.size > 1 else ''})"
        lines.append(f"        {here} = toward({here}, {goal}, {act.low}, {act.high}, par)")
    if act.ends:
        lines += ["    else:", f"        facility.{act.column.name} = 0.0"]
    return "\n".join(lines)


def _ordered(doer: str) -> list[Found]:
    """The acts of a doer, by name but for those that read what others have just become."""
    mine = {name: found.act.after for name, found in ACTS.items() if found.act.doer == doer}
    return [ACTS[name] for name in TopologicalSorter(mine).static_order()]


def _pass(doer: Literal["facility", "doctor"], first: str = "") -> str:
    """The text of a function in which one decides on all of its acts."""
    return "\n".join([f"def decide_{doer}(facility, belief, par):", first, *(_line(f) for f in _ordered(doer))])


_NAMES = {"CENTRE": CENTRE, "TERTIARY": TERTIARY, "toward": toward, "feel_income": feel_income, "max": max, "min": min}
_GOALS = _NAMES | {name: found.goal for name, found in ACTS.items()}
decide_facility = written_out(
    "decide_facility", _pass("facility", "    feel_income(facility, par)"), _GOALS, __name__, __file__
)
"""A facility decides on its row ``facility`` by ``belief`` and the row of behaviour ``par``. First of all it feels what
a yuan of income is worth to it by now: its own acts read that, and so do those of its doctors, who decide after it."""
decide_doctor = written_out("decide_doctor", _pass("doctor"), _GOALS, __name__, __file__)
"""The doctors of a facility decide, on the same rows."""


@compiled
def decide_all(facilities, beliefs, pars, low, high):
    """Every facility and its doctors decide, each on its own row."""
    for f in range(low, high):
        decide_facility(facilities[f], beliefs[f], pars[0])
        decide_doctor(facilities[f], beliefs[f], pars[0])


def _seen_line(k: int, name: str) -> str:
    """One margin of the facility in row f; zero for what a place without beds cannot do."""
    where = "facility.bed_days > 0" if ACTS[name].act.where.beds else "True"
    return f"        if {where}:\n            out[f, {k}] = {name}(facility, belief, par)"


fill_margins = written_out(
    "fill_margins",
    "def fill_margins(facilities, beliefs, behaviour, out):\n"
    "    par = behaviour[0]\n"
    "    for f in range(len(facilities)):\n"
    "        facility, belief = facilities[f], beliefs[f]\n" + "\n".join(_seen_line(k, n) for k, n in enumerate(SEEN)),
    {name: ACTS[name].margin for name in SEEN},
    __name__,
    __file__,
)
"""Fill ``out``, (F, margins) in the order of `SEEN`."""
