"""From files to a scenario: read, parents first, lay each over the last, then the changes, and check the whole."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.scenario.checks import check
from simulator.scenario.merge import Change, change, check_names, expand, inherited, merge, plain, text_of
from simulator.scenario.mistakes import located
from simulator.scenario.places import scenarios_folder, shown
from simulator.scenario.schema import Origin, Scenario
from simulator.scenario.strict_yaml import Map, Node, Seq, read_file
from simulator.scenario.tables import with_rows, without_name
from simulator.scenario.values import Citation, cite, unit_of

LATER = ("programme", "reforms", "overrides", "outputs", "claims")
LATER_RULES = ("timeline", "adjustments", "alliances")
"""Sections of the language that this version does not read yet; saying so is kinder than `unknown key`."""


def load(
    path: str | Path, changes: Sequence[str] = (), families: int | None = None, months: int | None = None
) -> Scenario:
    """The scenario in a file, or a packaged one by its bare name, such as `base`.

    ``changes`` are `path=value` as after ``--set``, laid over the file in order. ``families`` replaces the number of
    families simulated, ``months`` the number of months reported. Raises UserError (often UserErrors) for what the
    file, a parent or a change does not say rightly.
    """
    file = find(path)
    log: list[Change] = []
    citations: list[Citation] = []
    tree = _with_parents(file, (), citations, log)
    patches = [with_rows(expand(change(text)), Path.cwd()) for text in changes]
    if families is not None:
        patches.append(change(f"population.families={families}", "--families"))
    for patch in patches:
        patch, cited = cite(patch)
        citations += cited
        check_names(tree, patch)
        tree = merge(tree, patch, log=log)
    if months is not None:
        tree = merge(tree, change(f"time.end={_end(tree, months)}", "--months"), log=log)
    return _built(without_name(tree), file, citations, log)


def find(path: str | Path) -> Path:
    """The file that the user means. Raises UserError if there is none."""
    file = Path(path)
    if file.is_file():
        return file
    packaged = scenarios_folder() / f"{path}.yaml"
    if file.name == str(path) and packaged.is_file():
        return packaged
    names = [p.stem for p in scenarios_folder().glob("*.yaml")]
    here = [str(p) for p in file.parent.glob("*.yaml")] if file.parent.is_dir() else []
    raise UserError(say("load_no_file", path=path) + near(str(path), [*here, *names]))


def _with_parents(file: Path, children: tuple[Path, ...], citations: list[Citation], log: list[Change]) -> Map:
    """The tree of a file laid over those of its parents."""
    tree = read_file(file, shown(file))
    _format(tree)
    _not_yet(tree)
    parent = tree.items.pop("extends", None)
    base = Map(tree.place)
    if parent is not None:
        up = _parent(parent, file)
        chain = (*children, file.resolve())
        if up.resolve() in chain:
            circle = " -> ".join(p.name for p in (*chain[chain.index(up.resolve()) :], up))
            raise UserError.at(parent.place, "extends", say("load_circle", circle=circle))
        base = inherited(_with_parents(up, chain, citations, log))
    tree, cited = cite(with_rows(expand(tree), file.parent))
    citations += cited
    return merge(base, tree, log=log)


def _parent(node: Node, file: Path) -> Path:
    name = text_of(node)
    if name is None:
        raise UserError.at(node.place, "extends", say("load_one_parent"))
    for folder in (file.parent, scenarios_folder()):
        if (folder / name).is_file():
            return folder / name
    siblings = {p.name for folder in (file.parent, scenarios_folder()) for p in folder.glob("*.yaml")}
    raise UserError.at(node.place, "extends", say("load_no_parent", name=name) + near(Path(name).name, siblings))


def _format(tree: Map) -> None:
    if "format" not in tree.items:
        raise UserError.at(tree.place, "format", say("load_format_missing"))
    node = tree.items["format"]
    if text_of(node) != "1":
        raise UserError.at(node.place, "format", say("load_format", text=plain(node)))


def _not_yet(tree: Map) -> None:
    baseline = tree.items.get("baseline")
    for block, keys, path in ((tree, LATER, ""), (baseline, LATER_RULES, "baseline.")):
        for key in keys:
            if isinstance(block, Map) and key in block.items:
                raise UserError.at(block.keys[key], path + key, say("load_not_yet", key=key))


def _end(tree: Map, months: int) -> str:
    """The last month, if ``months`` are reported."""
    if months < 1:
        raise UserError(say("load_months", months=months), "--months")
    time = tree.items.get("time")
    start = text_of(time.items.get("start")) if isinstance(time, Map) else None
    try:
        year, month = (int(part) for part in (start or "").split("-"))
    except ValueError:
        return start or "?"
    last = year * 12 + month - 1 + months - 1
    return f"{last // 12}-{last % 12 + 1:02d}"


def _built(tree: Map, file: Path, citations: list[Citation], log: list[Change]) -> Scenario:
    try:
        scenario = Scenario.model_validate(plain(tree))
    except ValidationError as error:
        raise located(error, tree) from None
    scenario._name, scenario._file, scenario._tree = file.stem, shown(file), tree
    scenario._changes = tuple(log)
    scenario._origins.update(_origins(tree))
    check(scenario, citations)
    return scenario


def _origins(node: Node, path: str = "") -> dict[str, Origin]:
    """Where every value stands; a list is one value."""
    if isinstance(node, Map):
        found: dict[str, Origin] = {}
        for key, below in node.items.items():
            found |= _origins(below, f"{path}.{key}".strip("."))
        return found
    if isinstance(node, Seq):
        return {path: Origin(**node.place._asdict(), text=str(plain(node)))}
    said = {"source": node.source, "year": node.year, "unit": unit_of(node.text)}
    return {path: Origin(**node.place._asdict(), text=str(plain(node)), **said)}
