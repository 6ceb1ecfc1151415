"""Outcomes of a report: which there are, what they are called, and which ten come first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from simulator.core.messages import LANGUAGES, Text, catalogue, say
from simulator.count.indicators.catalogue import INDICATORS
from simulator.report.display import unit_of
from simulator.report.keepers import BUDGET, keepers
from simulator.report.results_table import SHAPE
from simulator.scenario.schema.answer import OF_MONEY, Wanted

FILE = Path(__file__).with_name("outcomes.yaml")
GROUPS = ("use", "families", "money", "quality", "providers", "programme")
"""Groups of the picture and the table, in their order; what nothing declares belongs to the programme."""
PERSON_YEAR = "person_year"
"""Unit of money a head and year."""
UNITS_IN_NAMES = (", yuan a year", ", yuan", ", hours", ", days", ", months")
type Series = tuple[str, ...]
"""Indicator, tier, plan, part, alliance."""
NONE = ("", "", "", "")
"""The rest of a series that is about the whole place."""


@dataclass(frozen=True)
class Outcome:
    """One outcome: what it is of, how it is called, in which unit, and which way is better (0: neither)."""

    series: Series
    group: str
    text: Text
    unit: str
    better: int
    where: tuple[Text, ...] = field(compare=False)
    """Whom it is about, beyond what its name says."""

    @property
    def name(self) -> str:
        """In words."""
        if not self.where:
            return self.text.localized
        return say(
            "answer.named", name=self.text.localized, where=say("answer.and").join(w.localized for w in self.where)
        )

    @property
    def key(self) -> str:
        """What picks it in a table: its series, words parted by slashes."""
        return "/".join(self.series).rstrip("/")


class Names:
    """Titles that a scenario gives to plans and alliances, and words for the rest.

    Args:
        resolved: the scenario, from the manifest.
    """

    def __init__(self, resolved: Mapping[str, Any]):
        self.titles: dict[tuple[str, str], Text] = {}
        states = [resolved.get("baseline", {})]
        for reform in resolved.get("reforms", {}).values():
            states += [*reform.get("timeline", {}).values(), reform.get("but", {})]
        for state in states:
            for kind, section in (("plan", "plans"), ("alliance", "alliances")):
                for name, block in dict(state.get(section) or {}).items():
                    title = block.get("title") if isinstance(block, Mapping) else None
                    if isinstance(title, Mapping):
                        self.titles[kind, name] = Text(title["en"], title["zh"])
                    elif isinstance(block, Mapping) and block.get("form"):
                        form = _both(f"form.{block['form']}")
                        self.titles.setdefault((kind, name), form)
        self.alliances = {name for state in states for name in dict(state.get("alliances") or {})}
        self.keepers = keepers(states)
        self.county = resolved.get("network", {}).get("form") == "county"

    def text(self, kind: str, name: str) -> Text:
        """A tier, plan, part or alliance in words."""
        if (kind, name) in self.titles:
            return self.titles[kind, name]
        if kind == "tier":
            return _both(f"answer.tier_county_{name}") if self.county else _both(f"answer.tier_{name}")
        known = _both(f"{kind}.{name}")
        return known if known.en != f"{kind}.{name}" else Text(_plain(name), _plain(name))


def _both(key: str) -> Text:
    return Text(*(catalogue(lang).get(key, key) for lang in LANGUAGES))


def _plain(name: str) -> str:
    """A name that an author gave without a title."""
    return name.replace("_", " ")


@cache
def declared() -> list[dict[str, Any]]:
    """The outcomes that every report knows, from ``outcomes.yaml``."""
    import yaml

    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def series_of(entry: Mapping[str, Any]) -> Series:
    """Of a declaration."""
    return (entry["indicator"], *(str(entry.get(kind) or "") for kind in SHAPE))


def _without(series: Series, kind: str) -> Series:
    return tuple("" if at == kind else name for at, name in zip(("", *SHAPE), series, strict=True))


def _declaration(series: Series) -> dict[str, Any] | None:
    """What declares a series: itself first, then whatever stands for a row of each."""
    here = [entry for entry in declared() if entry["indicator"] == series[0]]
    exact = [entry for entry in here if "each" not in entry and series_of(entry) == series]
    open_ = [entry for entry in here if "each" in entry and series_of(entry) == _without(series, entry["each"])]
    return next(iter([*exact, *open_]), None)


def outcome(series: Series, names: Names, better: int | None = None, title: Text | None = None) -> Outcome:
    """The outcome of a series, as far as anything declares it; ``better`` and ``title`` in place of what is usual."""
    entry, indicator = _declaration(series), series[0]
    said = {kind for kind in SHAPE if entry and entry.get(kind)}
    if title is not None:
        said = set(SHAPE)
    where = tuple(
        names.text(kind, name)
        for kind, name in zip(SHAPE, series[1:], strict=True)
        if name and kind not in said and not (kind == "alliance" and len(names.alliances) < 2)
    )
    if indicator == BUDGET and title is None and (keeper := names.keepers.get(series[4])):
        where = (*where, _both(f"answer.kept_by_{keeper}"))
    text = title or (Text(**entry["text"]) if entry else _of_catalogue(indicator))
    usual = -1 if indicator in OF_MONEY else INDICATORS[indicator].better
    unit = PERSON_YEAR if indicator in OF_MONEY[:2] else "yuan" if indicator in OF_MONEY else unit_of(indicator)
    group = entry["group"] if entry else "programme"
    return Outcome(series, group, text, unit, usual if better is None else better, where)


@cache
def _of_catalogue(indicator: str) -> Text:
    """The name of an indicator that no report declares, with a capital and without the unit that is shown anyway."""
    text = INDICATORS[indicator].text
    english = text.en
    for unit in UNITS_IN_NAMES:
        english = english.removesuffix(unit)
    return Text(english[:1].upper() + english[1:], text.zh.partition("（")[0])


def wanted(each: Wanted, names: Names) -> Outcome:
    """An outcome that a scenario declares."""
    series = (each.indicator, each.tier or "", each.plan or "", each.part or "", "")
    better = {"more": 1, "less": -1, None: None}[each.better]
    return outcome(series, names, better, Text(each.title.en, each.title.zh) if each.title else None)


def usual(known: Iterable[Series]) -> Iterator[Series]:
    """Every series that the declarations stand for in a run that has these, in their order."""
    there = list(dict.fromkeys(known))
    for entry in declared():
        fixed = series_of(entry)
        if "each" not in entry:
            yield from (series for series in there if series == fixed)
        else:
            yield from (s for s in there if s != fixed and _without(s, entry["each"]) == fixed)


def first() -> list[Series]:
    """Outcomes that come first where nothing else is said."""
    return [series_of(entry) for entry in sorted((e for e in declared() if "first" in e), key=lambda e: e["first"])]


def in_order(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Outcomes group by group, as they come within one."""
    return sorted(outcomes, key=lambda each: GROUPS.index(each.group))
