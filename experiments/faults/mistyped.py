"""Files with one mistake each: every single mistake of some kinds that a hand makes, once, in an order that is drawn.

A letter left out, doubled, exchanged or another one, a number that is none, a sign too few, too many or of another
width, a character that nobody sees, a space too few or too many, a line said twice. Comments are left alone.
"""

import random
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

LETTERS = "abcdefghijklmnopqrstuvwxyz_"
UNSEEN = "\u200b\u200e\u00ad\ufeff\u2060"
WIDE = {":": "：", ",": "，", "{": "｛", "}": "｝", "[": "【", "]": "】", '"': "“", "-": "—"}
KEY = re.compile(r"[A-Za-z_]{3,}(?=:(?:\s|$))")
WORD = re.compile(r"[A-Za-z_]{3,}")
NUMBER = re.compile(r"(?<![\w.])-?\d[\d_,]*(\.\d+)?")


class Mutant(NamedTuple):
    """A file with one mistake."""

    kind: str
    line: int  # from 1
    text: str


def slip(word: str) -> Iterator[str]:
    """A letter left out, doubled, exchanged with the next."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def other_letter(word: str) -> Iterator[str]:
    """Another letter."""
    for at in range(len(word)):
        yield from (word[:at] + letter + word[at + 1 :] for letter in LETTERS)


def in_a_number(digits: str) -> Iterator[str]:
    """A number that is none, or beyond all bounds."""
    yield digits.replace("0", "O", 1) if "0" in digits else digits + "x"
    yield from ("--" + digits, digits + "..5", "nan", "inf", "9" * 40, "1e400")
    yield from (digits + " parsec", "[" + digits, "０" + digits + "个")


def in_a_sign(sign: str) -> Iterator[str]:
    """A sign left out, doubled, or of another width."""
    yield from ("", sign * 2, WIDE.get(sign, sign))


def unseen(word: str) -> Iterator[str]:
    """A character that nobody sees, in a word."""
    yield from (word[:at] + sign + word[at:] for at in range(1, len(word)) for sign in UNSEEN)


def indentation(spaces: str) -> Iterator[str]:
    """A space more or less, or a tab."""
    yield from (" " + spaces, spaces[1:], "\t" + spaces)


def twice(line: str) -> Iterator[str]:
    """A line with a key, again."""
    yield line + "\n" + line


MISTAKES: dict[str, tuple[re.Pattern[str], Callable[[str], Iterator[str]]]] = {
    "key": (KEY, slip),
    "word": (WORD, slip),
    "letter": (WORD, other_letter),
    "number": (NUMBER, in_a_number),
    "sign": (re.compile(r'[:,{}\[\]"]|-(?!\d)'), in_a_sign),
    "unseen": (WORD, unseen),
    "indentation": (re.compile(r"^ +(?=\S)"), indentation),
    "twice": (re.compile(r"^ *[A-Za-z_]+: .+$"), twice),
}
"""Kinds of mistake: where in a line one can be made, and what it can be."""


@lru_cache(maxsize=512)
def mistaken(kind: str, line: str) -> tuple[str, ...]:
    """A line with every single mistake of a kind."""
    where, ways = MISTAKES[kind]
    return tuple(
        line[: spot.start()] + changed + line[spot.end() :]
        for spot in where.finditer(line.split(" #")[0])
        for changed in ways(spot[0])
        if changed != spot[0]
    )


def mutants(text: str, count: int, seed: int) -> Iterator[Mutant]:
    """Files with one mistake each, no two of them the same; the kinds in turn, as long as there are any of a kind.

    Fewer than ``count`` only if they are all. The first are the same for every ``count``.
    """
    lines, seen = text.splitlines(), set()
    turns = {kind: _in_some_order(kind, lines, random.Random(f"{seed} {kind}")) for kind in MISTAKES}
    while turns:
        for kind in list(turns):
            if len(seen) == count:
                return
            found = next((each for each in turns[kind] if each not in seen), None)
            if found is None:
                del turns[kind]
                continue
            seen.add(found)
            row, changed = found
            yield Mutant(kind, row + 1, "\n".join([*lines[:row], changed, *lines[row + 1 :]]) + "\n")


def _in_some_order(kind: str, lines: list[str], draw: random.Random) -> Iterator[tuple[int, str]]:
    """Every mistake of a kind: its row, and what the row becomes."""
    rows = [k for k, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    ends = list(accumulate(len(mistaken(kind, lines[row])) for row in rows))
    for number in _shuffled(ends[-1] if ends else 0, draw):
        k = bisect_right(ends, number)
        made = mistaken(kind, lines[rows[k]])
        yield rows[k], made[number - ends[k] + len(made)]


def _shuffled(count: int, draw: random.Random) -> Iterator[int]:
    """Numbers below ``count``, each once, in an order that is drawn as they are asked for (Fisher and Yates)."""
    moved: dict[int, int] = {}
    for left in range(count, 0, -1):
        at = draw.randrange(left)
        yield moved.get(at, at)
        moved[at] = moved.get(left - 1, left - 1)
