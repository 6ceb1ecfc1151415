"""Names and figures as people read them, in the language spoken now."""

import math
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from simulator.core.messages import catalogue, language
from simulator.count.indicators.catalogue import INDICATORS
from simulator.report.keepers import keepers

FILE = Path(__file__).with_name("headline.yaml")
SCALE = {"share": 100.0}
MARK = {"share": " %"}
POINT = 0.01
NUMBERED, NUMBER = ("facility", "area"), re.compile(r"(.+)_(\d+)")
"""Kinds of names that a network numbers, and such a name."""


@cache
def headline() -> list[dict[str, Any]]:
    """The headline rows, from ``headline.yaml``."""
    import yaml

    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def unit_of(indicator: str) -> str:
    """Unit of an indicator, ``number`` where there is no such indicator."""
    return INDICATORS[indicator].unit if indicator in INDICATORS else "number"


_titles: ContextVar[dict[tuple[str, str], str]] = ContextVar("titles", default={})  # noqa: B039


@contextmanager
def titles(resolved: Mapping[str, Any], short: bool = False) -> Generator[None]:
    """Speak of arms, plans, alliances, facilities and areas by the titles that a scenario gives them.

    Args:
        resolved: the scenario, from a manifest.
        short: of arms, the short titles where there are some.
    """
    known: dict[tuple[str, str], str] = {}
    reforms = dict(resolved.get("reforms") or {})
    states: list[Any] = [resolved.get("baseline") or {}]
    for name, reform in reforms.items():
        known["arm", name] = _titled(reform, name)
        states += [*dict(reform.get("timeline") or {}).values(), dict(reform.get("but") or {})]
    if short:
        chosen = dict(dict(resolved.get("answer") or {}).get("short") or {})
        known |= {("arm", name): _titled({"title": title}, name) for name, title in chosen.items()}
    for name, keeper in keepers(states).items():
        known["keeper", name] = catalogue(language())[f"report.kept_by_{keeper}"]
    given = dict(dict(resolved.get("network") or {}).get("titles") or {})
    for kind, section in (("facility", "facilities"), ("area", "areas")):
        for name, title in dict(given.get(section) or {}).items():
            known[kind, name] = _titled({"title": title}, name)
    for state in states:
        for kind, section in (("plan", "plans"), ("alliance", "alliances")):
            for name, block in dict(state.get(section) or {}).items():
                if isinstance(block, Mapping) and "title" in block:
                    known[kind, name] = _titled(block, name)
                elif isinstance(block, Mapping) and f"form.{block.get('form')}" in catalogue(language()):
                    known[kind, name] = catalogue(language())[f"form.{block['form']}"]
    token = _titles.set(known)
    try:
        yield
    finally:
        _titles.reset(token)


def _titled(block: Mapping[str, Any], name: str) -> str:
    title = block.get("title")
    return str(title.get(language(), name)) if isinstance(title, Mapping) else name


def word(kind: str, name: str) -> str:
    """The word for ``name`` among the words of a kind (``indicator``, ``tier``, ``plan``, …).

    Names that a scenario's author gave are not in the catalogue and stand for themselves; of facilities and areas that
    a network numbers, the word stands before the number.

    >>> word("facility", "centre_3"), word("area", "county_2"), word("facility", "st_marys")
    ('centre 3', 'county 2', 'st_marys')
    """
    if (kind, name) in _titles.get():
        return _titles.get()[kind, name]
    if kind == "indicator" and name in INDICATORS:
        return INDICATORS[name].text.localized
    words = catalogue(language())
    if kind in NUMBERED and f"{kind}.{name}" not in words and (part := NUMBER.fullmatch(name)):
        return words.get(f"{kind}.{part[1]}", f"{part[1]}_{{number}}").format(number=part[2])
    return words.get(f"{kind}.{name}", name if kind != "keeper" else "") if name else ""


def figure(value: float, unit: str, like: float | None = None, signed: bool = False, mark: bool = True) -> str:
    """A value with three or four digits that mean something, and a dash for none.

    Args:
        value: in the unit of the indicator.
        unit: one of ``UNITS`` of indicators.
        like: a value of the size that decides the decimals; by default the value itself.
        signed: write the plus.
        mark: write the per cent sign of a share.

    >>> figure(0.5371, "share"), figure(12081.2, "yuan"), figure(0.2144, "rate"), figure(0.2, "yuan", like=340)
    ('53.7 %', '12,081', '0.214', '0.2')
    >>> figure(-0.0001, "share", signed=True)
    '+0.0 %'
    """
    if value is None or math.isnan(value):
        return "–"
    scale = SCALE.get(unit, 1.0)
    size = abs(value if like is None else like) * scale
    digits = 0 if size >= 1000 else 1 if size >= 10 or unit == "share" else 2 if size >= 1 else 3
    return f"{value * scale:{'+' if signed else ''}z,.{digits}f}" + (MARK.get(unit, "") if mark else "")


def span(low: float, high: float, unit: str) -> str:
    """An interval, nothing where there is none.

    >>> span(0.51, 0.525, "share")
    '51.0 … 52.5'
    """
    if math.isnan(low):
        return ""
    ends = (figure(end, unit, like=(low + high) / 2, mark=False) for end in (low, high))
    return " … ".join(ends)


def change(difference: float, low: float, like: float, unit: str, signed: bool = True) -> str:
    """A difference with half the width of its interval, as many decimals as the figures that differ.

    >>> change(0.031, 0.021, like=0.54, unit="share"), change(1.5, math.nan, like=340, unit="yuan")
    ('+3.1 ± 1.0', '+1.5')
    """
    text = figure(difference, unit, like=like, signed=signed, mark=False)
    return text if math.isnan(low) else f"{text} ± {figure(difference - low, unit, like=like, mark=False)}"


def moved(value: float, by: float, like: float, unit: str) -> str:
    """A difference, or an end or a part of a difference ``by``, signed and without a mark: as many decimals as the
    figures that differ, one more where a share moves by less than a point.

    >>> moved(0.031, 0.031, 0.54, "share"), moved(-0.00172, -0.00172, 0.54, "share"), moved(12.0, 12.0, 340, "yuan")
    ('+3.1', '-0.17', '+12.0')
    """
    if unit == "share" and abs(by) < POINT and not math.isnan(value):
        return f"{value * SCALE[unit]:+z.2f}"
    return figure(value, unit, like=like, signed=True, mark=False)


def leaves_out_zero(low: float, high: float) -> bool:
    """Whether an interval lies on one side of zero; where there is none, it does not.

    >>> leaves_out_zero(0.1, 0.3), leaves_out_zero(-0.1, 0.3), leaves_out_zero(math.nan, math.nan)
    (True, False, False)
    """
    return low > 0 or high < 0
