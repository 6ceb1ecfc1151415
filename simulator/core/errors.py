"""Two kinds of failure: what the user wrote (exit code 2) and a law that the model itself broke (exit code 1)."""

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

NAMED = ("tier", "care", "plan", "part", "rule_name", "word")
"""Kinds of words of the catalogue by which a Chinese word is understood; `word` are further names of them."""


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

    known = [str(w) for w in words]
    close = _translated(str(word), known) or difflib.get_close_matches(str(word), known, 1, 0.6)
    close = close or [each for each in known if "_" in each and _initials(each) == str(word).lower()]
    return say("near", word=close[0]) if close else ""


def _initials(word: str) -> str:
    return "".join(part[:1] for part in word.split("_"))


def _translated(word: str, words: list[str]) -> list[str]:
    """Of ``words``, the one that a Chinese word stands for, by the catalogue and what else it is called."""
    if word.isascii():
        return []
    from simulator.core.messages import catalogue

    found: dict[str, list[str]] = {each: [] for each in words}
    for key, text in catalogue("zh").items():
        kind, _, name = key.rpartition(".")
        if name in found and kind in NAMED:
            found[name] += [part for part in re.split(r"[/、（）()]", text) if part]
    exact = [each for each, texts in found.items() if word in texts]
    part = [each for each, texts in found.items() if any(text in word or word in text for text in texts)]
    return exact or part
