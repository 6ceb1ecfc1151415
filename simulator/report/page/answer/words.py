"""Figures and sentences of the answer in words, every number tied to the row of the table that it was read from."""

import math

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.page.answer.outcomes import PERSON_YEAR, Outcome
from simulator.report.page.answer.values import Reading
from simulator.report.page.numbers import tied, tied_size

TABLE = "report/outcomes"
HUNDRED = 100.0


def digits(unit: str, like: float) -> int:
    """Decimals of a figure in a unit, for numbers of the size of ``like``.

    >>> digits("share", 0.5), digits("yuan", 9000.0), digits("rate", 0.12), digits("hours", 1.7)
    (1, 0, 3, 2)
    """
    size = abs(like)
    if unit == "share":
        return 1 if size >= 0.01 else 2
    if unit in ("yuan", PERSON_YEAR):
        return 0 if size >= 100 else 1
    return 1 if size >= 10 else 2 if size >= 1 else 3 if unit in ("rate", "number") else 2


def number(value: float, unit: str, like: float, signed: bool = False) -> str:
    """A figure without its unit, with a true minus; nought has no sign.

    >>> number(-0.0372, "share", 0.87, signed=True), number(1861.2, "person_year", 1861), number(-0.00001, "share", 0.5)
    ('−3.7', '1,861', '0.0')
    """
    if math.isnan(value):
        return "–"
    scale = HUNDRED if unit == "share" else 1.0
    text = f"{abs(value * scale):,.{digits(unit, like)}f}"
    if not text.strip("0.,"):
        return text
    return ("−" if value < 0 else "+" if signed else "") + text


def tick(value: float, unit: str) -> str:
    """A value beside an axis, signed, no longer than it must be.

    >>> tick(0.05, "share"), tick(-0.5, "hours"), tick(-200.0, "yuan")
    ('+5', '−0.5', '−200')
    """
    scaled = value * (HUNDRED if unit == "share" else 1.0)
    if not scaled:
        return "0"
    decimals = max(0, -math.floor(math.log10(abs(scaled)) + 1e-9))
    return f"{'−' if scaled < 0 else '+'}{abs(scaled):,.{decimals}f}"


def level_text(value: float, unit: str, like: float | None = None) -> str:
    """A level with its unit: ``52.4%``, ``1,861 yuan``."""
    return number(value, unit, value if like is None else like) + say(f"answer.level_{unit}")


def unit_text(unit: str) -> str:
    """The unit of a difference."""
    return say(f"answer.unit_{unit}")


def moved(value: float, unit: str) -> str:
    """The verb of a change: a share rises, a wait grows longer."""
    return say(f"answer.fell_{unit}" if value < 0 else f"answer.rose_{unit}")


def ends_text(reading: Reading, unit: str, like: float, flip: bool = False) -> str:
    """The ends of an interval; ``flip`` writes those of a fall as positive numbers."""
    low, high = (-reading.high, -reading.low) if flip else (reading.low, reading.high)
    return say("answer.ends", low=number(low, unit, like), high=number(high, unit, like))


class Tied:
    """Numbers of one arm, tied to the table of outcomes.

    Args:
        arm: whose.
        table: in which they stand, below the run folder.
    """

    def __init__(self, arm: str, table: str = TABLE, **more: str):
        self.arm, self.table, self.more = arm, table, more

    def _tied(self, text: str, value: float, column: str, outcome: Outcome, size: bool = False) -> Markup:
        tie = tied_size if size else tied
        return tie(text, value, self.table, column, arm=self.arm, **self.more, outcome=outcome.key)

    def level(self, outcome: Outcome, reading: Reading) -> Markup:
        """A level with its unit."""
        return self._tied(level_text(reading.mean, outcome.unit), reading.mean, "mean", outcome)

    def change(
        self, outcome: Outcome, reading: Reading, like: float, flip: bool = False, signed: bool = False
    ) -> Markup:
        """A difference, as a size if ``flip`` says which way."""
        text = number(abs(reading.mean) if flip else reading.mean, outcome.unit, like, signed)
        return self._tied(text, reading.mean, "difference", outcome, flip)

    def ends(self, outcome: Outcome, reading: Reading, like: float, flip: bool = False) -> Markup:
        """Its interval, nothing where there is none."""
        if math.isnan(reading.low):
            return Markup()
        names = ("low", "high") if "against" in self.more else ("diff_low", "diff_high")
        ends = [(reading.low, names[0]), (reading.high, names[1])]
        if flip:
            ends.reverse()
        low, high = (
            self._tied(number(abs(end) if flip else end, outcome.unit, like), end, name, outcome, flip)
            for end, name in ends
        )
        return Markup(say("answer.ends", low="{}", high="{}")).format(low, high)


def lowered(name: str) -> str:
    """A name within a sentence.

    >>> lowered("Wait at the clinic"), lowered("DIP points")
    ('wait at the clinic', 'DIP points')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def sentence(key: str, /, **parts: Markup | str) -> Markup:
    """A message with marked-up words in it."""
    return Markup(say(key, **{name: f"{{{name}}}" for name in parts})).format(**parts)
