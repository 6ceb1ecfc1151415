"""A class: who is here, what everybody has solved, and the one county that students may hold together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.classroom.sessions import Session

NAME = 24
"""Letters of a student's name at most."""
STUDENTS = 80
"""Names that are kept at most."""


@dataclass
class School:
    """Results by student, and the shared county."""

    shared: Session
    month: int = 0
    holders: dict[int, str] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: set[Any] = field(default_factory=set)

    def enter(self, line: Any) -> None:
        """Somebody is here."""
        self.lines.add(line)

    def leave(self, line: Any) -> None:
        """Somebody has gone; what he held is free again."""
        self.lines.discard(line)
        for row in [row for row, name in self.holders.items() if name == line.name]:
            del self.holders[row]

    def name_for(self, wanted: str) -> str:
        """A name that nobody here has."""
        name = "".join(letter for letter in wanted if letter.isprintable())[:NAME].strip() or "?"
        taken = {line.name for line in self.lines}
        return next(each for n in range(1, 1000) if (each := name if n == 1 else f"{name} {n}") not in taken)

    def solved(self, name: str, lesson: str, values: dict[str, Any], code: str) -> None:
        """A student has reached the goal of a lesson."""
        if name not in self.results and len(self.results) >= STUDENTS:
            return
        self.results.setdefault(name, {})[lesson] = {"values": values, "code": code}

    def hold(self, name: str, row: int) -> bool:
        """Let a student take over a facility that nobody holds; one each."""
        if self.holders.get(row, name) != name:
            return False
        for held in [held for held, who in self.holders.items() if who == name]:
            del self.holders[held]
        self.holders[row] = name
        return True

    def told(self) -> dict[str, Any]:
        """What everybody may know of the shared county."""
        return {"t": "county", "month": self.month, "holders": self.holders, "code": self.shared.code}

    def tell(self, message: dict[str, Any], to: Callable[[Any], bool]) -> None:
        """Put a message on the line of everybody whom it is for."""
        for line in self.lines:
            if to(line):
                line.push(message)
