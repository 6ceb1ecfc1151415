"""Whether what was reported of a place is in the unit of its indicator, and can be."""

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from simulator.count.indicators.catalogue import INDICATORS


class Unit(NamedTuple):
    """Units in which an indicator of a kind is reported, by what `quantity` calls them, and examples of them."""

    levels: tuple[str, ...]
    level_examples: str
    changes: tuple[str, ...]
    change_examples: str


RELATIVE = "share"
"""What a relative change is called."""
WRITTEN = {
    "share": Unit(("share", "number"), "53.7%", ("points", RELATIVE), "+2.5 pp, -12%"),
    "yuan": Unit(("fen", "fen/year"), "125 yuan", ("fen", "fen/year", RELATIVE), "+188 yuan, -12%"),
    "days": Unit(("days", "minutes"), "8.8 days", ("days", "minutes", RELATIVE), "+0.5 days, -12%"),
    "hours": Unit(("minutes",), "1.5 hours", ("minutes", RELATIVE), "+0.5 hours, -12%"),
    "months": Unit(("months",), "8.5 months", ("months", RELATIVE), "+1 months, -12%"),
    "rate": Unit(("per year",), "6.8 per year", ("per year", RELATIVE), "+0.2 per year, -12%"),
    "number": Unit(("number",), "3.2", ("number", RELATIVE), "+0.2, -12%"),
}
"""By the unit of the indicator."""
BEYOND = frozenset(
    {"fund_surplus_rate", "budget_surplus_rate", "provider_margin", "loss_ratio", "referrals_per_visit",
     "consultations_per_visit", "visits_by_income", "paid_by_income"}
)  # fmt: skip
"""Shares of something that they are no part of, which may be negative or more than all of it."""
LEVELS = ("level", "from_", "to", "level_to")

Found = Iterator[tuple[str, str, dict[str, Any]]]
"""Key of the value, sentence, and the words of the sentence beside the text of the value."""


def wrong(reported: Any) -> Found:
    """What is wrong with the values of a claim or a finding."""
    kind = INDICATORS[reported.indicator].unit
    unit = WRITTEN[kind]
    for key in LEVELS:
        value = getattr(reported, key, None)
        name = key.rstrip("_")
        if value is None:
            continue
        if value.unit not in unit.levels:
            yield name, "value_unit", _words(reported, unit.level_examples)
        elif (
            INDICATORS[reported.indicator].unit == "share"
            and reported.indicator not in BEYOND
            and not 0 <= value.value <= 1
        ):
            yield name, "value_share_most", {}
    if reported.change is not None and reported.change.unit not in unit.changes:
        yield "change", "value_unit", _words(reported, unit.change_examples)
    this_year = datetime.datetime.now(datetime.UTC).year
    for key in ("year", "years"):
        last = str(getattr(reported, key, None) or "")[-4:]
        if last and int(last) > this_year:
            yield key, "value_not_yet", {}


def _words(reported: Any, examples: str) -> dict[str, Any]:
    return {"indicator": reported.indicator, "examples": examples}
