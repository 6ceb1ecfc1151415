"""The buttons: what each option says of the rules, and what a history of choices says as steps of a timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
START = (2017, 1)
"""Year and month of the first month that a class sees."""
HORIZON = 60
"""Months that a class may live."""
MARK = "# classroom: "
"""Begins the line of a scenario that says the session's code."""

Change = tuple[int, tuple[tuple[str, Any], ...]]
"""A month, from 0, and what is chosen from it on: options by control, and acts of students by `act` (see `hands`)."""
History = tuple[Change, ...]
"""The changes of one side, rising by month."""


@dataclass(frozen=True, slots=True)
class Control:
    """A control and its options, the first of which holds at the start."""

    name: str
    options: tuple[str, ...]
    rules: Mapping[str, Mapping[str, Any]]
    needs: str | None
    without: frozenset[str]


@cache
def written(name: str) -> dict[str, Any]:
    """A file of ``data/``."""
    with (DATA / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def controls() -> dict[str, Control]:
    """Every control by its name, one that another needs before it."""
    found = {}
    for name, block in written("controls")["controls"].items():
        needs = block.get("needs", {})
        rules = {option["key"]: option["rules"] for option in block["options"]}
        found[name] = Control(name, tuple(rules), rules, needs.get("control"), frozenset(needs.get("without", ())))
    return found


def today() -> dict[str, str]:
    """What holds at the start."""
    return {name: control.options[0] for name, control in controls().items()}


def chosen(history: History, month: int) -> dict[str, str]:
    """The option of every control in a month, those that cannot act at their first."""
    options = today()
    for when, what in history:
        if when <= month:
            options.update((name, option) for name, option in what if name in options)
    return effective(options)


def effective(options: Mapping[str, str]) -> dict[str, str]:
    """Options with every control off that lacks what it needs."""
    found: dict[str, str] = {}
    for name, control in controls().items():
        off = control.needs is not None and found[control.needs] in control.without
        found[name] = control.options[0] if off else options[name]
    return found


def by_rules(history: History) -> History:
    """A history without what students do: that of the model's own."""
    bare = ((when, tuple(each for each in what if not each[0].startswith("act."))) for when, what in history)
    return tuple(change for change in bare if change[1])


def label(month: int) -> str:
    """A month of the class as a date.

    >>> label(13)
    '2018-02'
    """
    past = START[0] * 12 + START[1] - 1 + month
    return f"{past // 12}-{past % 12 + 1:02d}"


def timeline(history: History) -> dict[str, Any]:
    """The steps of a side as a reform has them: rules that change, by date."""
    steps, before = {}, today()
    for month in sorted({when for when, _ in history}):
        now = chosen(history, month)
        step: dict[str, Any] = {}
        changed = {root(name) for name in now if now[name] != before[name]}
        for name, control in controls().items():
            if root(name) in changed and (now[name] != before[name] or now[name] != control.options[0]):
                lay(step, control.rules[now[name]])
        if step:
            steps[label(month)] = step
        before = now
    return steps


def root(name: str) -> str:
    """What a control needs first of all. Controls of one root say things of the same blocks, and are said together."""
    needs = controls()[name].needs
    return name if needs is None else root(needs)


def lay(block: dict[str, Any], patch: Mapping[str, Any]) -> None:
    """Lay a patch over a block, key by key; dots join keys."""
    for key, value in patch.items():
        first, _, rest = key.partition(".")
        value = {rest: value} if rest else value
        if isinstance(value, Mapping) and value:
            lay(block.setdefault(first, {}), value)
        else:
            block[first] = value


def everything() -> dict[str, Any]:
    """Rules in which all that any option ever adds is there, so that a world has room for it."""
    block: dict[str, Any] = {}
    for name in ("children", "team"):
        lay(block, controls()[name].rules[controls()[name].options[-1]])
    return block


def arms_text(sides: Mapping[str, History]) -> str:
    """The sides as reforms; nothing for those that change nothing."""
    reforms = {
        name: {"title": {"en": f"Rules {name.upper()}", "zh": f"规则{name.upper()}"}, "timeline": steps}
        for name, history in sides.items()
        if (steps := timeline(history))
    }
    return dumped({"reforms": reforms}) if reforms else ""


def scenario_text(sides: Mapping[str, History], families: int) -> str:
    """The scenario in which the sides are arms, as a file that ``tiercare run`` takes."""
    with (DATA / "county.yaml").open(encoding="utf-8") as file:
        head = file.read().replace("families: 5000", f"families: {families}")
    arms = arms_text(sides)
    return head + (f"\n{arms}" if arms else "")


class _Dumper(yaml.SafeDumper):
    """Writes every value out: scenario files have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always."""
        return True


def dumped(content: Any) -> str:
    """As YAML."""
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
