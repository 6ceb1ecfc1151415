"""Every service, as the files of ``kinds/`` have it, and what is made of all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, Field, create_model

from simulator.core.money import Transfer
from simulator.core.rooms import rooms
from simulator.core.table import Column
from simulator.declare.counts import Count
from simulator.declare.indicator import Indicator
from simulator.services.places import PLACES
from simulator.services.service import Billed, Found, Residents, Year
from simulator.services.where import Where

FOLDER = "simulator.services.kinds"
IN_NUMPY = (
    "enforce",
    "spread",
    "cover",
    "value",
    "believe",
    "presence",
    "informs",
    "slots",
    "lift",
    "opens",
    "hastens",
    "settle",
)
"""Functions of a service that look at all rows at once."""


class Offer(NamedTuple):
    """A settlement in force and where, of F facilities."""

    rule: Any  # `payment.rule.SettlementRule`
    places: np.ndarray  # in its scope, bool (F,)


def found(name: str, room: Any) -> Found:
    """What the module ``room`` of the service ``name`` holds."""
    does = {each: getattr(room, each) for each in (*PLACES, *IN_NUMPY) if callable(getattr(room, each, None))}
    return Found(name, room.SERVICE, (room.__doc__ or "").strip(), does)


SERVICES = {name: found(name, room) for name, room in rooms(FOLDER).items()}
"""The services by their names, which are those of their files."""


def doing(what: str) -> Iterator[tuple[str, Callable]]:
    """The services that act somewhere, with the function by which they do."""
    return ((name, each.does[what]) for name, each in SERVICES.items() if what in each.does)


def columns(table: str) -> tuple[Column, ...]:
    """What the services add to a table: `facilities`, `families`, `persons` or `episodes`."""
    return tuple(column for each in SERVICES.values() for column in getattr(each.service, table))


def events() -> tuple[Count, ...]:
    """What they count by facility."""
    return tuple(count for each in SERVICES.values() for count in each.service.events)


def activity(facilities: np.ndarray) -> dict[str, np.ndarray]:
    """What they do in a month that is paid for and is no event: columns (F,) by name."""
    return {name: facilities[column] for each in SERVICES.values() for name, column in each.service.activity.items()}


def indicators() -> tuple[Indicator, ...]:
    """Their indicators."""
    return tuple(indicator for each in SERVICES.values() for indicator in each.service.indicators)


def census() -> tuple[str, ...]:
    """Columns of persons of which the census counts the ones by plan."""
    return tuple(name for each in SERVICES.values() for name in each.service.census)


def keys(base: type[BaseModel]) -> Any:
    """A model with a key for the terms of each service that has any, none of which need be given."""
    fields: dict[str, Any] = {}
    for name, each in SERVICES.items():
        service = each.service
        if service.terms is None:
            continue
        if service.off is None:
            fields[name] = (service.terms | None, Field(None, description=f"{each.head} None if left out."))
        else:
            fields[name] = (service.terms, Field(service.off, description=each.head))
    return create_model("OfServices", __base__=base, **fields)


def whose_terms(model: type[BaseModel]) -> Found | None:
    """The service whose terms a model is."""
    return next((each for each in SERVICES.values() if each.service.terms is model), None)


def terms_in_force(said: BaseModel, switches: Any) -> dict[str, Any]:
    """Terms of the services in force, by name, as a scenario has ``said``; a switch of the name of a service that is
    ``off`` takes it out."""
    terms = {name: getattr(said, name, None) for name in SERVICES if getattr(switches, name, "on") != "off"}
    return {name: each for name, each in terms.items() if each not in (None, SERVICES[name].service.off)}


def placed(said: BaseModel) -> Iterator[tuple[str, Where]]:
    """The services that a scenario has ``said`` to be for some facilities alone, and for which."""
    for name in SERVICES:
        where = getattr(getattr(said, name, None), "where", None)
        if isinstance(where, Where):
            yield name, where


def enforce(
    facilities: np.ndarray, terms: Mapping[str, Any], offers: Sequence[Offer], where: Mapping[str, np.ndarray]
) -> None:
    """Bring the services into force: which facilities have them, ``where`` that is not all of them (F,) by name; their
    columns of facilities under these terms, and what settlements offer."""
    for name, each in SERVICES.items():
        if each.service.where:
            facilities[each.service.where] = where.get(name, True) if name in terms else 0
    for name, act in doing("enforce"):
        act(facilities, terms.get(name), offers)


def spread(facilities: np.ndarray, terms: Mapping[str, Any], residents: Callable[[], Residents], par: np.void) -> None:
    """Let services write what their numbers come to among the people who live there, who are counted if any asks."""
    for name, act in doing("spread"):
        if name in terms:
            act(facilities, terms[name], residents(), par)


def fills(terms: Mapping[str, Any]) -> list[Callable[[np.ndarray, str, str], None]]:
    """What services in force do to rows of the cover table, each called with rows, setting and tier."""

    def filled(act: Callable, name: str, rows: np.ndarray, care: str, tier: str) -> None:
        act(rows, terms[name], care, tier)

    return [partial(filled, act, name) for name, act in doing("cover") if name in terms]


def value(year: Year, kept: dict[str, Any]) -> None:
    """Let services write what they are worth to people; ``kept`` holds by name what each wants to know next month."""
    for name, act in doing("value"):
        kept[name] = act(year, kept.get(name))


def believe(beliefs: np.ndarray, terms: Mapping[str, Any]) -> None:
    """Let services write what providers believe of them."""
    for name, act in doing("believe"):
        act(beliefs, terms.get(name))


def presence(facilities: np.ndarray, par: np.void) -> np.ndarray:
    """How far families see specialists at each place, 0 to 1, (F,)."""
    return sum((act(facilities, par) for _, act in doing("presence")), np.zeros(len(facilities)))


def informs(facilities: np.ndarray, par: np.void) -> np.ndarray:
    """Share of what families underrate primary care by that services take away, 0 to 1, (F,)."""
    left = np.ones(len(facilities))
    for _, act in doing("informs"):
        left = left * (1.0 - act(facilities, par))
    return 1.0 - left


def seeing(facilities: np.ndarray, terms: Mapping[str, Any]) -> dict[str, Any]:
    """The terms in force where services lay records open: those that can make use of it do."""
    closed = 1.0
    for name, act in doing("opens"):
        if name in terms:
            closed *= 1.0 - act(facilities)
    if closed == 1.0:
        return dict(terms)
    return {name: each.seeing(1.0 - closed) if hasattr(each, "seeing") else each for name, each in terms.items()}


def months_sooner(terms: Mapping[str, Any]) -> int:
    """Months by which services in force let later reforms come into force sooner than they are dated."""
    return sum(act(terms[name]) for name, act in doing("hastens") if name in terms)


def slots(facilities: np.ndarray, par: np.void) -> np.ndarray:
    """Clinic slots that services add or take this month, int64 (F,)."""
    return sum((act(facilities, par) for _, act in doing("slots")), np.zeros(len(facilities), np.int64))


def lift(facilities: np.ndarray, par: np.void) -> np.ndarray:
    """What services add to the capability that each place moves toward, (F,)."""
    return sum((act(facilities, par) for _, act in doing("lift")), np.zeros(len(facilities)))


def settle(terms: Mapping[str, Any], billed: Billed) -> Iterator[Transfer]:
    """What services in force move after a month, once its bills are paid."""
    for name, act in doing("settle"):
        if name in terms:
            yield from act(terms[name], billed)
