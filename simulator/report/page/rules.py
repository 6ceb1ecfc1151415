"""The rules of every arm in words and formulas, with the values that the scenario gives them."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from simulator.core.messages import catalogue, language, say
from simulator.count.indicators.catalogue import INDICATORS
from simulator.study.summary import BASELINE

PAYING = ("payment", "settlements")
QUIET = ("rule", "for", "takes_from", "title")
"""Keys that are no parameters of a rule."""


class Stated(NamedTuple):
    """A rule of an arm: its name in the scenario, from when, what it is, its formula, and its values."""

    block: str
    since: str
    rule: str
    text: str
    formula: str
    values: list[tuple[str, str]]


class Arm(NamedTuple):
    """An arm with its rules; a reform has those that it changes."""

    name: str
    rules: list[Stated]


def arms_stated(scenario: Mapping[str, Any], arms: Mapping[str, str], beside: Mapping[str, Any]) -> list[Arm]:
    """The rules of every arm.

    Args:
        scenario: as resolved, from the manifest.
        arms: name in words of every arm.
        beside: manifests' scenarios of further runs, by name.
    """
    made = []
    for arm, name in arms.items():
        run, _, own = arm.rpartition(".")
        source = beside[run]["resolved"] if run in beside else scenario
        if own == BASELINE:
            made.append(Arm(name, list(_blocks(source["baseline"], ""))))
        else:
            made.append(Arm(name, list(_reform(source.get("reforms", {}), own if run in beside else arm))))
    return made


def _reform(reforms: Mapping[str, Any], name: str) -> Iterator[Stated]:
    reform = reforms.get(name, {})
    for other in reform.get("combines", ()):
        yield from _reform(reforms, other)
    for month, patch in reform.get("timeline", {}).items():
        yield from _blocks(patch, str(reform.get("starts", month)))
    yield from _blocks(reform.get("but", {}), str(reform.get("starts", "")), say("page.instead"))


def _blocks(rules: Mapping[str, Any], since: str, instead: str = "") -> Iterator[Stated]:
    """Payment and settlements by their rules; alliances, benefit and the rest as values."""
    for section, blocks in rules.items():
        if section == "timeline":
            continue
        if section in PAYING and isinstance(blocks, Mapping):
            for block, text in blocks.items():
                if isinstance(text, Mapping):
                    rule = str(text.get("rule", ""))
                    words = catalogue(language())
                    said, formula = words.get(f"rule_said.{rule}", instead), words.get(f"rule_formula.{rule}", "")
                    yield Stated(
                        str(block), since, words.get(f"rule_name.{rule}", rule), said, formula, list(leaves(text))
                    )
                else:
                    yield Stated(str(block), since, "", instead, "", [(str(block), shown(text))])
        else:
            said = instead or catalogue(language()).get(f"section_said.{section}", "")
            yield Stated(
                say_section(section),
                since,
                "",
                said,
                "",
                list(leaves(blocks)) if isinstance(blocks, Mapping) else [(section, shown(blocks))],
            )


def say_section(section: str) -> str:
    """A section of a scenario in words; a dotted path stands for itself."""
    return catalogue(language()).get(f"section.{section}", section)


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, value) of everything in a block, but for the name of its rule."""
    for key, below in node.items():
        if not path and key == "rule":
            continue
        here = f"{path}.{key}".strip(".")
        if isinstance(below, Mapping) and below:
            yield from leaves(below, here)
        else:
            yield here, shown(below)


KEYS = Path(__file__).with_name("keys.yaml")
WORD = re.compile(r"[a-z_]+")
UNITS = {
    "yuan/year": "元/年", "yuan/month": "元/月", "yuan": "元", "per 1000": "每千人", "per year": "每年", "times": "倍",
    "months": "个月", "minutes": "分钟",
}  # fmt: skip


@cache
def _chinese() -> dict[str, str]:
    import yaml

    read: dict[Any, str] = yaml.safe_load(KEYS.read_text(encoding="utf-8"))
    return {str(key).lower(): text for key, text in read.items()}


def spoken(path: str) -> Markup:
    """A path or a word of the scenario language in the language spoken now: in Chinese as far as it has words for it,
    what remains set apart as written."""
    if language() != "zh":
        return Markup("<code>{}</code>").format(path)
    made = []
    for part in path.split("."):
        if part.lower() in _chinese():
            made.append(escape(_chinese()[part.lower()]))
        elif part in INDICATORS:
            made.append(escape(INDICATORS[part].text.zh))
        else:
            made.append(Markup("<code>{}</code>").format(part) if re.search("[A-Za-z]{2}", part) else escape(part))
    return Markup(" · ").join(made)


def spoken_value(text: str) -> Markup:
    """A value as a scenario writes it; its words in Chinese where that is spoken, its units as they are written."""
    if language() != "zh" or not re.search("[A-Za-z]{2}", text):
        return escape(text)
    return Markup("，").join(spoken(word) if WORD.fullmatch(word) else _amount(word) for word in text.split(", "))


def words_apart(formula: str) -> Markup:
    """A formula with the words of the language of scenarios set apart as written, where Chinese is spoken."""
    if language() != "zh":
        return escape(formula)
    return Markup(re.sub(r"[A-Za-z_]{3,}", lambda m: f"<code>{m[0]}</code>", str(escape(formula))))


def in_units(text: str) -> str:
    """An amount with its unit in the language spoken now."""
    if language() == "zh":
        for english, chinese in UNITS.items():
            if text.endswith(english):
                return text.removesuffix(english).strip() + chinese
    return text


def _amount(text: str) -> Markup:
    if (made := in_units(text)) != text:
        return escape(made)
    return Markup("<code>{}</code>").format(text) if re.search("[A-Za-z]{2}", text) else escape(text)


def shown(value: Any) -> str:
    """A value as a scenario writes it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
