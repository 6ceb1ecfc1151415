"""Forms of a network: who is there. Who refers to whom follows from it, and from the links that a user writes.

A form takes its settings, all of them counts, and gives nodes in the order of the table of facilities. A new form is a
function here and a line in ``FORMS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.names import KINDS, TIERS

CITY = "city"


@dataclass(frozen=True, slots=True)
class Node:
    """A facility to be: ``under`` names the centre of a station, ``people`` weighs the community around it."""

    name: str
    tier: str
    kind: str = "general"
    area: str = CITY
    urban: bool = True
    under: str | None = None
    people: float = 1.0


def generate(form: str, settings: Mapping[str, Any]) -> list[Node]:
    """The nodes of ``form``.

    Raises UserError for an unknown form, and for a setting that is unknown, missing or no count.
    """
    if form not in FORMS:
        raise UserError(say("network_form", form=form) + near(form, FORMS))
    make, needed, optional = FORMS[form]
    counts = {ALSO.get(key, key): value for key, value in settings.items()}
    for key, value in counts.items():
        if key not in (*needed, *optional):
            raise UserError(say("network_setting", form=form, key=key) + near(key, (*needed, *optional)), path=key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        least = LEAST.get(key, 1)
        if key == "private" and not (number and 0 <= value <= 1):
            raise UserError(say("network_private", value=value), path=key)
        if key != "private" and not (number and value == int(value) and value >= least):
            raise UserError(say("network_count", value=value, least=least), path=key)
    if missing := [key for key in needed if key not in counts]:
        raise UserError(say("network_missing", form=form, key=missing[0]))
    return make(**{key: value if key == "private" else int(value) for key, value in counts.items()})


def prefecture(
    counties: int, townships: int, villages: int, centres: int, stations: int, secondary: int, tertiary: int,
    private: float = 0.0,
) -> list[Node]:  # fmt: skip
    """A city with its counties: ``townships`` centres per county, ``villages`` stations per township; ``centres``
    community centres of the city with ``stations`` each; ``secondary`` city hospitals beside one in every county."""
    areas = [f"county_{c + 1}" for c in range(counties)]
    homes = [(CITY, True, stations)] * centres + [(area, False, villages) for area in areas for _ in range(townships)]
    return (
        _several("tertiary", tertiary, tier="tertiary")
        + _several("city_secondary", secondary, tier="secondary")
        + [Node(area, "secondary", area=area) for area in areas]
        + _primary(homes, private)
    )


def county(townships: int, villages: int, tertiary_outside: int = 1, private: float = 0.0) -> list[Node]:
    """A county with its hospital; tertiary hospitals lie outside. The first township is the county town (城关镇)."""
    area = "county_1"
    homes = [(area, t == 0, villages) for t in range(townships)]
    outside = _several("tertiary", tertiary_outside, tier="tertiary", area="outside")
    return [*outside, Node(area, "secondary", area=area), *_primary(homes, private)]


def city(tertiary: int, secondary: int, centres: int, stations: int, private: float = 0.0) -> list[Node]:
    """A city with ``stations`` for each of its community centres."""
    return (
        _several("tertiary", tertiary, tier="tertiary")
        + _several("city_secondary", secondary, tier="secondary")
        + _primary([(CITY, True, stations)] * centres, private)
    )


def region(cities: int, tertiary: int, secondary: int, centres: int, stations: int, private: float = 0.0) -> list[Node]:
    """Several cities alike, each an area of its own with its hospitals and centres: a province, or parts of several."""
    areas = [f"city_{c + 1}" for c in range(cities)]
    hospitals = [
        Node(f"{area}_{tier}_{i + 1}", tier, area=area)
        for tier, count in (("tertiary", tertiary), ("secondary", secondary))
        for area in areas
        for i in range(count)
    ]
    return hospitals + _primary([(area, True, stations) for area in areas for _ in range(centres)], private)


FORMS: dict[str, tuple[Callable[..., list[Node]], tuple[str, ...], tuple[str, ...]]] = {
    "prefecture": (
        prefecture,
        ("counties", "townships", "villages", "centres", "stations", "secondary", "tertiary"),
        ("private",),
    ),
    "county": (county, ("townships", "villages"), ("tertiary_outside", "private")),
    "city": (city, ("tertiary", "secondary", "centres", "stations"), ("private",)),
    "region": (region, ("cities", "tertiary", "secondary", "centres", "stations"), ("private",)),
    "list": (lambda: [], (), ()),
}
"""Form -> (maker, settings that it needs, settings that it can have)."""

LEAST = {"tertiary_outside": 0, "tertiary": 0, "secondary": 0, "counties": 0}
"""Least count of a setting, where it is not one."""

ALSO = {"stations_per_centre": "stations", "villages_per_township": "villages"}
"""Other spellings of settings."""


def named(facilities: Mapping[str, Mapping[str, Any]]) -> tuple[list[Node], dict[str, list[str]]]:
    """Nodes that a user wrote, and the members of each name that stands for several.

    An entry has ``tier`` and, where they differ from the usual, ``kind``, ``area``, ``urban``, ``under``, ``people``.
    ``count: 7`` under the name ``centres`` makes centre_1 to centre_7. ``under`` is a centre, or such a name: then the
    stations are dealt to its members in equal blocks. Raises UserError for an unknown key, tier or kind.
    """
    members: dict[str, list[str]] = {}
    for name, entry in facilities.items():
        if unknown := [key for key in entry if key not in NAMED]:
            text = say("network_facility_key", name=name, key=unknown[0]) + near(unknown[0], NAMED)
            raise UserError(text, path=f"facilities.{name}")
        _known("network_tier", name, entry.get("tier", ""), TIERS)
        _known("network_kind", name, entry.get("kind", "general"), KINDS)
        count = entry.get("count")
        if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
            raise UserError(say("network_count", value=count, least=1), path=f"facilities.{name}.count")
        single = name.removesuffix("s")
        members[name] = [name] if count is None else [f"{single}_{i + 1}" for i in range(count)]
    nodes = []
    for name, entry in facilities.items():
        area = entry.get("area", CITY)
        centres = members.get(entry["under"], [entry["under"]]) if "under" in entry else [None]
        for i, own in enumerate(members[name]):
            nodes.append(
                Node(
                    own,
                    entry["tier"],
                    entry.get("kind", "general"),
                    area,
                    entry.get("urban", area == CITY or entry["tier"] in ("secondary", "tertiary")),
                    centres[i * len(centres) // len(members[name])],
                    float(entry.get("people", 1.0)),
                )
            )
    return nodes, members


NAMED = ("tier", "kind", "area", "urban", "under", "people", "count")
"""What a named facility can say here."""


def _known(key: str, name: str, word: object, words: tuple[str, ...]) -> None:
    if word not in words:
        raise UserError(say(key, name=name, word=word, words=", ".join(words)) + near(word, words))


def _several(name: str, count: int, **same: Any) -> list[Node]:
    return [Node(f"{name}_{i + 1}", **same) for i in range(count)]


def _primary(homes: list[tuple[str, bool, int]], private: float) -> list[Node]:
    """Centres, then their stations; every so many-th station is private, so that they are spread over the centres."""
    centres, stations = [], []
    for area, urban, count in homes:
        centre = Node(f"centre_{len(centres) + 1}", "centre", area=area, urban=urban)
        centres.append(centre)
        for _ in range(count):
            n = len(stations)
            # The small number guards against 5 * 0.2 falling short of one.
            kind = "private" if int((n + 1) * private + 1e-9) > int(n * private + 1e-9) else "general"
            stations.append(Node(f"station_{n + 1}", "station", kind, area, urban, centre.name))
    return centres + stations
