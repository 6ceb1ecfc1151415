"""The rules of every arm in words and formulas, with the values that the scenario gives them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from simulator.core.messages import catalogue, language, say
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


def shown(value: Any) -> str:
    """A value as a scenario writes it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
