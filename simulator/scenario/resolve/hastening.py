"""When reforms come into force that are dated: as dated, or sooner where a service in force by then makes them."""

from collections.abc import Mapping

from simulator.scenario.schema.rules import Rules
from simulator.services import services


def in_force_from(dated: Mapping[str, Rules], switches: object) -> dict[str, str]:
    """By month as dated, ``2023-05``, rising, the month from which the rules hold.

    The first are in force from the start. None overtakes another, and none comes in the first month: what a place
    starts with is what it was before anything was decided.
    """
    when: dict[str, str] = {}
    rules, last = None, 0
    for month, later in dated.items():
        if rules is not None:
            sooner = services.months_sooner(services.terms_in_force(rules.services, switches))
            first = last + (len(when) == 1)
            last = max(min(first, _number(month)), _number(month) - sooner)
        else:
            last = _number(month)
        rules, when[month] = later, _word(last)
    return when


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _word(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"
