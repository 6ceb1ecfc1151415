"""Dated changes: the steps of a reform, joined by `combines`, moved by `starts`, changed by `but`."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from simulator.core import units
from simulator.core.errors import Place, UserError, UserErrors, near
from simulator.core.messages import say
from simulator.scenario.language.merge import Change, Path, leaves, merge, plain, removes, text_of
from simulator.scenario.language.strict_yaml import Map, Node, Seq
from simulator.scenario.resolve.scope import line_of
from simulator.scenario.schema.rules import Rules

SECTIONS = tuple(Rules.model_fields)
"""The sections of the rules: what a step may hold."""
RULES = ("baseline",)
"""Where the rules stand in a file."""


@dataclass(frozen=True, slots=True)
class Step:
    """What changes in one month."""

    month: str
    by: str
    """Reform that wrote it; `baseline` for what happens in every arm."""
    patch: Map
    place: Place
    """Where its month was decided."""
    path: str
    """Dotted path there."""


def number(month: str) -> int:
    """Months since the year nought."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def later(month: str, by: int) -> str:
    """The month so many months later.

    >>> later("2018-11", 3)
    '2019-02'
    """
    year, index = divmod(number(month) + by, 12)
    return f"{year}-{index + 1:02d}"


def as_but(tree: Map) -> Map:
    """`reforms.NAME.payment.…` means `reforms.NAME.but.payment.…`, whether in a file, an override or a change."""
    out = Map(tree.place, dict(tree.items), dict(tree.keys), tree.dotted)
    if isinstance(overrides := out.items.get("overrides"), Map):
        patches = {k: as_but(n) if isinstance(n, Map) else n for k, n in overrides.items.items()}
        out.items["overrides"] = Map(overrides.place, patches, overrides.keys, overrides.dotted)
    if isinstance(reforms := out.items.get("reforms"), Map):
        blocks = {k: _gathered(n, ("reforms", k)) if isinstance(n, Map) else n for k, n in reforms.items.items()}
        out.items["reforms"] = Map(reforms.place, blocks, reforms.keys, reforms.dotted)
    return out


def _gathered(reform: Map, path: Path) -> Map:
    short = [key for key in reform.items if key in SECTIONS]
    if not short:
        return reform
    patch = Map(reform.keys[short[0]], {k: reform.items[k] for k in short}, {k: reform.keys[k] for k in short})
    rest = {k: n for k, n in reform.items.items() if k not in short}
    but = rest.get("but")
    if isinstance(but, Map):
        written = dict(leaves(but, RULES))
        for leaf, node in leaves(patch, RULES):
            if leaf in written:
                text = say("yaml_twice", line=written[leaf].place.line)
                raise UserError.at(node.place, ".".join((*path, *leaf)), text)
        patch = merge(but, patch, (*path, "but"))
    keys = {k: reform.keys[k] for k in rest} | {"but": reform.keys.get("but", patch.place)}
    return Map(reform.place, rest | {"but": patch}, keys, reform.dotted)


def baseline_steps(baseline: Map) -> list[Step]:
    """What happens in every arm."""
    return list(_own(baseline, "baseline", "baseline"))


def _own(block: Map, by: str, path: str) -> Iterator[Step]:
    timeline = block.items.get("timeline")
    if timeline is None:
        return
    if not isinstance(timeline, Map):
        raise UserError.at(timeline.place, f"{path}.timeline", say("mistake_block", text=plain(timeline)))
    for month, patch in timeline.items.items():
        here = f"{path}.timeline.{month}"
        try:
            units.month(month)
        except ValueError as e:
            raise UserError.at(timeline.keys[month], here, str(e)) from None
        if not isinstance(patch, Map):
            raise UserError.at(patch.place, here, say("mistake_block", text=plain(patch)))
        _sections(patch, here)
        yield Step(month, by, patch, timeline.keys[month], here)


def _sections(patch: Map, path: str) -> None:
    """Refuse what is no section of the rules, and sections that hold no blocks."""
    for key, node in patch.items.items():
        if key not in SECTIONS:
            text = say("mistake_unknown_key") + near(key, SECTIONS)
            raise UserError.at(patch.keys[key], f"{path}.{key}", text)
        if not isinstance(node, Map):
            raise UserError.at(node.place, f"{path}.{key}", say("mistake_block", text=plain(node)))


@dataclass(slots=True)
class Timelines:
    """The steps of every reform of a scenario, which is given as its block `reforms`."""

    reforms: Map
    known: dict[str, list[Step]] = field(default_factory=dict)
    replaced: list[Change] = field(default_factory=list)
    """What each `but` replaced in the steps that it changes."""

    def steps(self, name: str, inside: tuple[str, ...] = ()) -> list[Step]:
        """The steps of a reform, in the order in which they are laid over the rules.

        Raises UserError for reforms that combine themselves or contradict each other, and for a `but` about nothing.
        """
        if name not in self.known:
            self.known[name] = self._steps(name, inside)
        return self.known[name]

    def _steps(self, name: str, inside: tuple[str, ...]) -> list[Step]:
        block, path = self.reforms.items[name], f"reforms.{name}"
        assert isinstance(block, Map)
        own = list(_own(block, name, path))
        but = block.items.get("but", Map(block.place))
        assert isinstance(but, Map)
        _sections(but, f"{path}.but")
        joined = [self.steps(other, (*inside, name)) for other in self._combined(block, name, inside)]
        _agree(name, joined, own, but)
        steps: list[Step] = []
        for step in [*(step for each in joined for step in each), *own]:
            if not any((s.month, s.by) == (step.month, step.by) and plain(s.patch) == plain(step.patch) for s in steps):
                steps.append(step)
        starts = block.items.get("starts")
        if starts is not None and steps:
            by = number(text_of(starts) or "") - min(number(step.month) for step in steps)
            path_of = f"{path}.starts"
            steps = [replace(s, month=later(s.month, by), place=starts.place, path=path_of) for s in steps]
        return sorted(_but(name, steps, but, self.replaced), key=lambda step: step.month)

    def _combined(self, block: Map, name: str, inside: tuple[str, ...]) -> Iterator[str]:
        node = block.items.get("combines")
        for item in node.items if isinstance(node, Seq) else [node] if node else []:
            other, path = text_of(item) or "", f"reforms.{name}.combines"
            if other in (*inside, name):
                circle = " -> ".join((*(*inside, name)[(*inside, name).index(other) :], other))
                raise UserError.at(item.place, path, say("load_circle", circle=circle))
            if other not in self.reforms.items:
                others = [key for key in self.reforms.items if key != name]
                raise UserError.at(item.place, path, say("reform_none", name=other) + near(other, others))
            yield other


def _agree(name: str, joined: list[list[Step]], own: list[Step], but: Map) -> None:
    """Refuse reforms that set one value differently in one month, unless the combining one says which holds."""
    settled = {leaf for leaf, _ in leaves(but, RULES)}
    errors = []
    for left, right in combinations(joined, 2):
        for one in left:
            for other in (step for step in right if step.month == one.month):
                said = settled | {
                    leaf for step in own if step.month == one.month for leaf, _ in leaves(step.patch, RULES)
                }
                for (leaf, first), (_, second) in differing(one.patch, other.patch, RULES):
                    if any(_within(leaf, path) for path in said):
                        continue
                    text = say(
                        "reform_conflict",
                        one=one.by,
                        other=other.by,
                        value=".".join(leaf),
                        month=one.month,
                        old=plain(first),
                        place=line_of(first.place),
                        new=plain(second),
                        name=name,
                    )
                    errors.append(UserError.at(second.place, f"reforms.{name}", text))
    if errors:
        raise UserErrors(errors)


type Leaf = tuple[Path, Node]


def differing(one: Map, other: Map, root: Path = ()) -> Iterator[tuple[Leaf, Leaf]]:
    """Values that both patches set and on which they do not agree; to remove a block contradicts all that is in it."""
    first, second = dict(leaves(one, root)), dict(leaves(other, root))
    for path, node in second.items():
        for end in range(1, len(path) + 1):
            if (old := first.get(path[:end])) is not None and (end < len(path) or plain(old) != plain(node)):
                yield (path, old), (path, node)
    for path, node in first.items():
        for end in range(1, len(path)):
            if (new := second.get(path[:end])) is not None:
                yield (path, node), (path[:end], new)


def _within(path: Path, block: Path) -> bool:
    return path[: len(block)] == block


def _but(name: str, steps: list[Step], but: Map, log: list[Change]) -> list[Step]:
    """The steps with the values of ``but`` in every block that they write; ``log`` gets what was replaced."""
    for section, blocks in but.items.items():
        assert isinstance(blocks, Map)
        for block, node in blocks.items.items():
            written = [_written(step, section) for step in steps]
            if not any(block in names for names in written):
                path = f"reforms.{name}.but.{section}.{block}"
                text = say("reform_but_nothing", block=f"{section}.{block}")
                raise UserError.at(blocks.keys[block], path, text + near(block, {n for ns in written for n in ns}))
            one = Map(blocks.place, {block: node}, {block: blocks.keys[block]})
            patch = Map(but.place, {section: one}, {section: but.keys[section]})
            steps = [
                replace(step, patch=merge(step.patch, patch, ("reforms", step.by, "timeline", step.month), log))
                if block in names
                else step
                for step, names in zip(steps, written, strict=True)
            ]
    return steps


def _written(step: Step, section: str) -> set[str]:
    """Blocks of a section that a step writes, other than to remove them."""
    blocks = step.patch.items.get(section)
    return {name for name, node in blocks.items.items() if not removes(node)} if isinstance(blocks, Map) else set()


def two_overrides(overrides: Map, chosen: list[str]) -> None:
    """Refuse overrides that set one value differently."""
    for one, other in combinations(chosen, 2):
        first, second = overrides.items[one], overrides.items[other]
        assert isinstance(first, Map)
        assert isinstance(second, Map)
        for (leaf, old), (_, new) in differing(first, second):
            words = {"one": one, "value": ".".join(leaf), "place": line_of(old.place)}
            text = say("override_conflict", **words, old=plain(old), new=plain(new))
            raise UserError.at(new.place, f"overrides.{other}", text)
