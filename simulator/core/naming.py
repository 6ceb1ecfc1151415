"""Names that authors give: one alphabet for arms, plans, places, sources, levers and all else that is called something.

A name becomes part of paths, file names, columns and pages, so that it may hold no sign that one of them reads in a way
of its own, and none that a reader cannot see or takes for another.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from simulator.core.errors import UserError
from simulator.core.messages import say

LONGEST = 60
"""Signs of a name; with four bytes each they still fit into a file name of 255."""
LONGEST_FILE = 120
"""Signs of the name of an author's file, which becomes the name of a folder."""
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
"""Scripts with letters that look alike; a name has letters of one of them at most."""
BLANK = "\u115f\u1160\u3164\uffa0"
"""Letters, by their kind, that show nothing (fillers of Hangul)."""
RANGE = re.compile(r"(.+_)(\d+) to (.+_)(\d+)")
"""How several facilities are named at once."""
DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[1-9]", re.IGNORECASE)
"""Names that Windows keeps for devices, with any ending."""
LOOK_ALIKE = {
    "a": "аαɑ", "b": "вβ", "c": "сϲ", "e": "еε", "g": "ɡ", "h": "нһη", "i": "іι", "j": "ј", "k": "кκ", "m": "м",
    "n": "ν", "o": "оο", "p": "рρ", "q": "ԛ", "s": "ѕ", "t": "тτ", "u": "υ", "w": "ԝω", "x": "хχ", "y": "уγ",
}  # fmt: skip
"""Small letters of other scripts, by the Latin letter that they or their capitals are taken for."""
TWINS = str.maketrans({twin: letter for letter, twins in LOOK_ALIKE.items() for twin in twins})


def normal(text: str) -> str:
    """The text with every letter written in the one composed way (Unicode's normal form C)."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4_096)
def name(text: str) -> str:
    """``text`` as it is, a name. Raises ValueError, with the sentence that says why it is none.

    >>> name("county_community"), name("市一院 2")
    ('county_community', '市一院 2')
    """
    if len(text) > LONGEST:
        raise ValueError(say("name_long", text=f"{text[:20]}…", count=len(text), most=LONGEST))
    for place, sign in enumerate(text):
        if not _allowed(sign, text, place):
            raise ValueError(say("name_sign", text=visible(text), sign=visible(sign)))
    if not text or text[0] in " -" or text[-1] == " " or "  " in text:
        raise ValueError(say("name_ends", text=visible(text)))
    used = [script for script in SCRIPTS if any(unicodedata.name(sign, "").startswith(script) for sign in text)]
    if len(used) > 1:
        raise ValueError(say("name_mixed", text=text, scripts=", ".join(word.capitalize() for word in used)))
    if DEVICES.fullmatch(text):
        raise ValueError(say("name_device", text=text))
    return text


def _allowed(sign: str, text: str, place: int) -> bool:
    if sign.isascii():
        return sign.isalnum() or sign in "_- "
    kind = unicodedata.category(sign)
    if kind in ("Mn", "Mc"):  # marks that a letter needs, such as vowels of Devanagari; none that only picks a shape
        return place > 0 and unicodedata.category(text[place - 1])[0] in "LM" and not _picks_a_shape(sign)
    one_way = unicodedata.normalize("NFKC", sign) == sign  # no wide, styled or joined forms of other letters
    return kind in ("Lu", "Ll", "Lt", "Lo") and one_way and sign not in BLANK


def _picks_a_shape(mark: str) -> bool:
    return mark == "\u034f" or any(
        word in unicodedata.name(mark, "") for word in ("VARIATION SELECTOR", "INHERENT", "JOINER")
    )


@lru_cache(maxsize=4_096)
def alike(text: str) -> str:
    """What two names have in common that are taken for each other, by a reader or by a disk that knows no capitals.

    >>> alike("Pool") == alike("pool"), alike("pool") == alike("tool")
    (True, False)
    """
    return unicodedata.normalize("NFKC", text).casefold().translate(TWINS)


def mistakable(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of names that stand together, each that is taken for an earlier one, and that one."""
    seen: dict[str, str] = {}
    for each in names:
        if (other := seen.setdefault(alike(each), each)) != each:
            yield each, other


def shortened(text: str) -> str:
    """A text as a message can hold it."""
    return visible(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def visible(text: str) -> str:
    """A text with every sign that is not seen, or not told from another, by its number.

    >>> visible("a\u200bb")
    'aU+200Bb'
    """
    seen = (s if (s.isascii() and s.isprintable()) or (s.isalnum() and s not in BLANK) else _number(s) for s in text)
    return "".join(seen)


def _number(sign: str) -> str:
    kind = unicodedata.category(sign)
    return sign if kind[0] in "PS" else f"U+{ord(sign):04X}"


def as_folder(text: str, longest: int = LONGEST_FILE) -> str:
    """``text`` as it is, fit to name one folder or file inside another. Raises UserError for what leads elsewhere.

    Whatever names are checked before, a path is made of none that was not.
    """
    unseen = any(unicodedata.category(sign)[0] == "C" or sign in "/\\:" for sign in text)
    if not text or text[0] == "." or unseen or len(text) > longest or text != text.strip():
        raise UserError(say("name_folder", text=visible(text[:longest])))
    return text
