"""A session: the changes of its two sides, what was before them, and the code that says all of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.classroom.controls import HORIZON, History, controls, written

SIDES = ("a", "b")
MOST_CHANGES, MOST_BACK = 60, 200
"""Changes of a side; steps that can be undone."""
STEP = re.compile(r"(\d\d)(?:([a-z])(\d)|([A-Z])(\d{1,4})\.(\d|x))")
"""A month, and a control's letter with its option, or an act's letter with facility and option (x: let go)."""
CODE = re.compile(r"(\d{2,6})-(\d{1,9})-([0-9a-zA-Z.]{0,600})-([0-9a-zA-Z.]{0,600})")


@dataclass
class Session:
    """What a student has changed: all that a session is."""

    families: int
    seed: int
    sides: dict[str, History] = field(default_factory=lambda: dict.fromkeys(SIDES, ()))
    past: list[dict[str, History]] = field(default_factory=list)

    def change(self, side: str, month: int, name: str, value: Any) -> None:
        """Choose something from a month on; the side's later changes are forgotten."""
        self.change_all(side, month, {name: value})

    def change_all(self, side: str, month: int, values: Mapping[str, Any]) -> None:
        """Choose several things at once; nothing where a side has too many changes already."""
        changes = {when: dict(what) for when, what in self.sides[side] if when <= month}
        changes.setdefault(month, {}).update(values)
        if len(changes) <= MOST_CHANGES:
            self.remember()
            self.sides = {**self.sides, side: history(changes)}

    def remember(self) -> None:
        """Let undo lead back here."""
        self.past.append(dict(self.sides))
        del self.past[:-MOST_BACK]

    def undo(self) -> None:
        """Take the last change back."""
        if self.past:
            self.sides = self.past.pop()

    def reset(self) -> None:
        """Today's rules on both sides."""
        self.remember()
        self.sides = dict.fromkeys(SIDES, ())

    def take(self, code: str) -> str:
        """Take over what a code says: "" if it is of this county, else "families" or "seed" or "code" if not."""
        found = read_code(code)
        if found is None:
            return "code"
        families, seed, sides = found
        if (families, seed) != (self.families, self.seed):
            return f"{families} {seed}"
        self.remember()
        self.sides = sides
        return ""

    @property
    def code(self) -> str:
        """All settings, families and seed as a word."""
        return "-".join([str(self.families), str(self.seed), *(steps(self.sides[side]) for side in SIDES)])


def history(changes: dict[int, dict[str, Any]]) -> History:
    """Changes as a value that can be a key."""
    return tuple((when, tuple(sorted(what.items()))) for when, what in sorted(changes.items()))


def letters() -> tuple[dict[str, str], dict[str, str]]:
    """Controls and acts by the letters that stand for them."""
    return (
        {chr(ord("a") + n): name for n, name in enumerate(controls())},
        {chr(ord("A") + n): name for n, name in enumerate(written("hands"))},
    )


def steps(changes: History) -> str:
    """A side as part of a code."""
    of_control, of_act = ({name: letter for letter, name in each.items()} for each in letters())
    parts = []
    for month, what in changes:
        for name, value in what:
            if name.startswith("act."):
                _, row, act = name.split(".")
                parts.append(f"{month:02d}{of_act[act]}{row}.{'x' if value is None else value}")
            else:
                parts.append(f"{month:02d}{of_control[name]}{controls()[name].options.index(value)}")
    return "".join(parts)


def read_steps(text: str) -> History | None:
    """The side that part of a code says; None if it says nothing."""
    of_control, of_act = letters()
    changes: dict[int, dict[str, Any]] = {}
    at = 0
    while at < len(text):
        match = STEP.match(text, at)
        if match is None:
            return None
        month, control, option, act, row, value = match.groups()
        mine = changes.setdefault(int(month), {})
        if control:
            options = controls()[of_control[control]].options if control in of_control else ()
            if int(option) >= len(options):
                return None
            mine[of_control[control]] = options[int(option)]
        else:
            options = written("hands")[of_act[act]]["options"] if act in of_act else ()
            if value != "x" and int(value) >= len(options):
                return None
            mine[f"act.{int(row)}.{of_act[act]}"] = None if value == "x" else int(value)
        at = match.end()
    if len(changes) > MOST_CHANGES or any(month >= HORIZON for month in changes):
        return None
    return history(changes)


def read_code(code: str) -> tuple[int, int, dict[str, History]] | None:
    """Families, seed and sides that a code says; None if it is none.

    >>> read_code("5000-1-03a2-")
    (5000, 1, {'a': ((3, (('near', 'high'),)),), 'b': ()})
    """
    match = CODE.fullmatch(code.strip())
    if match is None:
        return None
    sides = [read_steps(text) for text in match.groups()[2:]]
    if sides[0] is None or sides[1] is None:
        return None
    return int(match[1]), int(match[2]), dict(zip(SIDES, (sides[0], sides[1]), strict=True))
