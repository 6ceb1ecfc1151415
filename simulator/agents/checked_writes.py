"""What agents who decide for themselves may write; anything else stops the run before it reaches compiled code."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator.agents.family import Family
from simulator.core.errors import ModelError
from simulator.core.names import OPTIONS
from simulator.engine.state.episodes import EPISODES, KINDS, PER_PERSON, VISITS
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.state.world import World
from simulator.referral.contention import KEYS
from simulator.referral.down import CONSENTED

REQUEST = frozenset({"ask", "ask_place", "amount", "second", "second_place", "second_amount", "key"})
MAY_WRITE = {
    "choose_bed": REQUEST | {"got", "referred", "referral", "needs_bed", "takes_bed", "dear_at", "refused"},
    "consent": REQUEST | {"stage", "tail"},
}
"""Columns that a decision about episodes may change; the others are what happened."""
BOUNDS = {"share": (0.0, 1.0), "0 to 1": (0.0, 1.0), "factor": (0.0, np.inf), "hours/month": (0.0, np.inf)}
"""Bounds of what a facility or its doctors decide, by the unit of the column."""
PLACES = {
    name: slice(offset, offset + dtype.itemsize)
    for name, (dtype, offset, *_) in (FACILITIES.one.dtype.fields or {}).items()
}
"""Bytes of each column in a row of the table of facilities."""
ROUNDING = 1e-9
"""How far beyond its bounds a decision may lie by rounding alone."""


def refused(agent: Any, decision: str, what: str) -> ModelError:
    """The error that names who decided what."""
    name = f"family {agent.index}" if isinstance(agent, Family) else agent.name
    return ModelError(f"`{decision}` of {name} ({type(agent).__name__}): {what}")


class Rows:
    """Episodes that some families wrote, one family after the other: ``rows`` (n,), ``counts`` of each family."""

    def __init__(self, world: World, decision: str, families: Sequence[Family], rows: np.ndarray, counts: np.ndarray):
        self.world, self.decision, self.families, self.rows = world, decision, families, rows
        self.of = np.repeat(np.arange(len(families)), counts)  # which of the families a row is of
        self.index = np.array([family.index for family in families], np.int64)[self.of]

    def refuse(self, wrong: np.ndarray, column: str, expected: str) -> None:
        """Raise ModelError for the first row, if any, in which the column is wrong."""
        if not wrong.any():
            return
        at = int(np.argmax(wrong))
        family = self.families[self.of[at]]
        row = at - int(np.argmax(self.of == self.of[at]))
        value = self.rows[column][at]
        raise refused(family, self.decision, f"`{column}` of episode {row} is {value}; {expected}")

    def between(self, column: str, low: float, high: float, what: str) -> None:
        """Every value lies between the bounds, both included."""
        values = self.rows[column]
        self.refuse(~((values >= low) & (values <= high)), column, f"{what}, {low} to {high}")

    def exist(self, *columns: str) -> None:
        """Facilities are rows of their table, or -1."""
        last = len(self.world.facilities) - 1
        for column in columns:
            values = self.rows[column]
            self.refuse((values < -1) | (values > last), column, f"that facility does not exist; -1 to {last}")

    def equal(self, column: str, wanted: np.ndarray, why: str) -> None:
        """The column follows from another one."""
        wrong = self.rows[column] != wanted
        if wrong.any():
            self.refuse(wrong, column, f"{why}: {wanted[np.argmax(wrong)]}")


def joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Episodes one after the other. As bytes: NumPy would compare and copy every column of every part."""
    return np.frombuffer(bytearray(b"".join([part.tobytes() for part in parts])), EPISODES.one.dtype)


def are_episodes(family: Family, rows: Any) -> np.ndarray:
    """What `choose` returned, if it is rows of `EPISODES`. Raises ModelError."""
    kind = EPISODES.one.dtype
    if not isinstance(rows, np.ndarray) or rows.ndim != 1 or not (rows.dtype is kind or rows.dtype == kind):
        raise refused(family, "choose", f"it must return rows of EPISODES, as super().choose() does, not {rows!r:.60}")
    return rows


def check_intents(world: World, families: Sequence[Family], rows: np.ndarray, counts: np.ndarray) -> None:
    """What `choose` of some families returned, in the order of families."""
    found = Rows(world, "choose", families, rows, counts)
    first, person = world.families["first"], rows["person"]
    found.equal("family", found.index, "the row of the family that decides")
    found.refuse((person < first[found.index]) | (person >= first[found.index + 1]), "person", "not one of its members")
    found.refuse(np.diff(person, prepend=0) < 0, "person", "episodes come in the order of persons")
    many = np.zeros(len(rows), bool)
    many[PER_PERSON:] = person[PER_PERSON:] == person[:-PER_PERSON]
    found.refuse(many, "person", f"a person has at most {PER_PERSON} episodes in a month")
    found.between("number", 0, 127, "number of the episode")
    key = person.astype(np.int64) * 128 + rows["number"]
    order = np.argsort(key, kind="stable")
    twice = np.zeros(len(rows), bool)
    twice[order[1:]] = np.diff(key[order]) == 0
    found.refuse(twice, "number", "another episode of that person has the same number")
    found.between("kind", 0, len(KINDS) - 1, "kind of the episode")
    found.between("group", 0, len(world.groups) - 1, "row of the case groups")
    found.between("severity", 0.0, 1.0, "severity")
    found.between("day", 0, 30, "day of the month")
    found.between("key", 0, KEYS - 1, "order of service")
    found.equal("got", np.full(len(rows), -1), "nothing is given yet")
    _visits(found)


def _visits(found: Rows) -> None:
    """The places asked for a visit."""
    rows, world = found.rows, found.world
    place, pool = world.families["place"][found.index], world.facilities["slot_pool"]
    found.between("option", -1, OPTIONS - 1, "option of choice")
    found.exist("ask_place", "second_place")
    option, second = rows["option"].astype(np.int64), rows["second_place"]
    asks = option >= 0
    behind = np.where(asks, np.take_along_axis(place, np.maximum(option, 0)[:, None], axis=1)[:, 0], -1)
    found.refuse(asks & ~np.isin(rows["kind"], VISITS), "option", "who returns or waits for a bed asks for no visit")
    found.refuse(asks & (behind < 0), "option", "the family has no place behind it")
    found.equal("ask_place", behind, "the place behind its option")
    found.equal("ask", np.where(asks, pool[behind], -1), "the slot pool of the place asked")
    found.equal("amount", asks.astype(np.int64), "slots asked for")
    other = second >= 0
    found.refuse(other & ~(place == second[:, None]).any(axis=1), "second_place", "not a place of the family")
    found.refuse(other & ~asks, "second_place", "nothing is asked for first; -1")
    found.equal("second", np.where(other, pool[second], -1), "the slot pool of the second place")
    found.equal("second_amount", other.astype(np.int64), "slots asked for there")


def check_beds(found: Rows, before: np.ndarray) -> None:
    """What `choose_bed` or `consent` of some families made of their episodes ``before`` (n,)."""
    rows, beds = found.rows, found.decision == "choose_bed"
    for column in EPISODES.columns:
        if column.name not in MAY_WRITE[found.decision]:
            found.equal(column.name, before[column.name], "what happened cannot be changed here")
    if beds:
        found.equal("got", np.full(len(rows), -1), "call super().choose_bed(episodes) first, which enters who was seen")
        found.between("takes_bed", 0, 1, "whether an admission is accepted")
        found.refuse(rows["takes_bed"] > rows["needs_bed"], "takes_bed", "no admission is needed")
        asks = rows["takes_bed"] == 1
    else:
        found.between("stage", 0, CONSENTED, "stage of the step down")
        asks = rows["stage"] == CONSENTED
    why = "as the patient accepts a bed" if beds else "as the patient consents to move"
    found.exist("ask", "second")
    found.refuse((rows["ask"] >= 0) != asks, "ask", f"a facility exactly {why}, else -1")
    found.refuse((rows["second"] >= 0) & ~asks, "second", "nothing is asked for first; -1")
    if not beds:
        tail = rows["tail"]
        found.refuse(asks & ~((tail >= 1) & (tail <= rows["days"])), "tail", "from one day to the whole stay")
    for to, amount in (("ask", "amount"), ("second", "second_amount")):
        found.equal(f"{to}_place", rows[to], f"the facility in `{to}`")
        found.refuse((rows[amount] > 0) != (rows[to] >= 0), amount, "days wanted there, 0 where nothing is asked")
    found.between("key", 0, KEYS - 1, "order of service")


def changes(before: np.void, now: np.void) -> dict[str, Any]:
    """Columns of a facility that differ, with their new values."""
    old, new, found = before.tobytes(), now.tobytes(), {}
    for name, place in PLACES.items():
        if old[place] != new[place]:
            value = now[name]
            found[name] = value.copy() if np.ndim(value) else value.item()
    return found


def check_conduct(agent: Any, before: np.void, now: np.void) -> None:
    """What `decide` of a facility or its doctors wrote into its row."""
    units = {column.name: column.unit for column in FACILITIES.columns}
    for name, value in changes(before, now).items():
        low, high = BOUNDS.get(units[name], (-np.inf, np.inf))
        if units[name] in ("row", "code", "bits"):
            raise refused(agent, "decide", f"`{name}` says what the place is and cannot be decided")
        if not np.all(np.isfinite(value) & (value >= low - ROUNDING) & (value <= high + ROUNDING)):
            raise refused(agent, "decide", f"`{name}` is {value}; {units[name]}, {low:g} to {high:g}")
