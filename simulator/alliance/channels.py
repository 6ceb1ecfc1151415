"""Every channel of alliances, as the files of ``kinds/`` have it, and what is made of all of them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from simulator.alliance.channel import COMPILED, Found
from simulator.core.jit import written_out
from simulator.core.rooms import rooms
from simulator.core.table import Column

FOLDER = "simulator.alliance.kinds"
CHANNELS = {name: Found.of(name, room) for name, room in rooms(FOLDER).items()}
"""The channels by their names, which are those of their files."""


def doing(what: str) -> Iterator[tuple[str, Callable]]:
    """The channels that act somewhere, with the function by which they do."""
    return ((name, each.does[what]) for name, each in CHANNELS.items() if what in each.does)


def _all(name: str, what: str, first: str, joined: str) -> Callable:
    """The compiled function ``name`` that goes from ``first`` through what the channels say that act at ``what``, each
    ``joined`` in the place of ``{}``."""
    acting, arguments = dict(doing(what)), COMPILED[what]
    terms = [joined.format(f"{each}({arguments})") for each in acting]
    text = f"def {name}({arguments}): return {first}{''.join(terms)}"
    return written_out(name, text, acting, __name__, __file__)


eases = _all("eases", "eases", "0.0", " + {}")
"""(wait, par): utility that who is sent up within an alliance is spared or given, all channels together."""
behind = _all("behind", "ahead", "1.0", " * (1.0 - {})")
"""(par): share of those before in the queue that stay before who is sent up within an alliance."""
consents = _all("consents", "consents", "0.0", " + {}")
"""(hospital, receiver, par): added to the logit of consenting to a step down within an alliance."""


def columns() -> tuple[Column, ...]:
    """What the channels add to the table of facilities."""
    return tuple(column for each in CHANNELS.values() for column in each.channel.facilities)


def enforce(facilities: np.ndarray, alliances: Iterable[Any]) -> None:
    """Bring the channels of the alliances in force into the table of facilities, and take those of others out."""
    for column in columns():
        facilities[column.name] = column.default
    for alliance in alliances:
        for name, act in doing("enforce"):
            if not CHANNELS[name].channel.needs or CHANNELS[name].channel.needs in alliance.unified:
                act(facilities, alliance)


def look(facilities: np.ndarray, specialists: np.ndarray, informed: np.ndarray, par: np.void) -> None:
    """Write how far families see specialists at each place, those of services (F,) included, and how much of what they
    underrate primary care by they have come to see, beside what services have let them see, ``informed`` (F,)."""
    seen = specialists
    for _, presence in doing("presence"):
        seen = seen + (1.0 - seen) * presence(facilities, par)
    informed = seen + (1.0 - seen) * informed
    for _, informs in doing("informs"):
        informed = informed + (1.0 - informed) * informs(facilities, par)
    facilities["specialists"], facilities["informed"] = seen, informed


def slots(facilities: np.ndarray, par: np.void) -> np.ndarray:
    """Clinic slots that channels add or take this month, int64 (F,)."""
    return sum((act(facilities, par) for _, act in doing("slots")), np.zeros(len(facilities), np.int64))


def lift(facilities: np.ndarray, par: np.void) -> np.ndarray:
    """What channels add to the capability that each place moves toward, (F,)."""
    return sum((act(facilities, par) for _, act in doing("lift")), np.zeros(len(facilities)))
