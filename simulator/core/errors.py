"""Two kinds of failure: what the user wrote (exit code 2) and a law that the model itself broke (exit code 1)."""

import difflib
from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """Where something was written: file name as shown to the user, line and column from 1."""

    file: str
    line: int | None = None
    column: int | None = None


class UserError(Exception):
    """A mistake in what the user gave, in one sentence, and where it stands.

    ``path`` is the dotted path of the value in the scenario. Several mistakes found at once are in ``all``.

    >>> str(UserError("unknown key", file="a.yaml", line=3, column=5, path="time.strat"))
    'a.yaml:3:5: time.strat: unknown key'
    """

    def __init__(
        self,
        message: str,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        path: str | None = None,
    ):
        self.message, self.file, self.line, self.column, self.path = message, file, line, column, path
        self.all: tuple[UserError, ...] = (self,)
        super().__init__(message)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return ": ".join(part for part in (place, self.path, self.message) if part)

    @classmethod
    def at(cls, place: Place, path: str, message: str) -> "UserError":
        """The mistake ``message`` about the value ``path``, written at ``place``."""
        return cls(message, *place, path=path)


class UserErrors(UserError):
    """Several mistakes, in the order of their places; prints one a line."""

    def __init__(self, errors: Iterable[UserError]):
        unique = {str(e): e for group in errors for e in group.all}
        ordered = sorted(unique.values(), key=lambda e: (e.file or "", e.line or 0, e.column or 0, e.message))
        first = ordered[0]
        super().__init__(first.message, first.file, first.line, first.column, first.path)
        self.all = tuple(ordered)

    def __str__(self) -> str:
        return "\n".join(str(e) for e in self.all)


class ModelError(Exception):
    """A law of the model was broken (money lost, a negative stock): the run stops, and the fault is ours."""


def near(word: object, words: Iterable[object]) -> str:
    """The end of a sentence that names the word most like ``word``, or nothing.

    >>> near("fund_pay", ["fund_pays", "deductible"])
    '; did you mean `fund_pays`?'
    >>> near("nothing", ["like", "it"])
    ''
    """
    from simulator.core.messages import say

    close = difflib.get_close_matches(str(word), [str(w) for w in words], 1, 0.6)
    return say("near", word=close[0]) if close else ""
