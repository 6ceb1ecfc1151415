"""From files to a scenario: read, parents first, lay each over the last, then the changes, and check the whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.naming import shortened
from simulator.scenario.language.csv_tables import with_rows, without_name
from simulator.scenario.language.kept import Kept
from simulator.scenario.language.merge import (
    Change,
    change,
    check_names,
    expand,
    inherited,
    merge,
    plain,
    text_of,
    without,
)
from simulator.scenario.language.naming import check_named
from simulator.scenario.language.network_files import with_network
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import Map, Node, read_file
from simulator.scenario.language.text_files import beside, there
from simulator.scenario.language.values import Citation, cite
from simulator.scenario.resolve.like import filled
from simulator.scenario.resolve.sense import doubts
from simulator.scenario.resolve.states import States, canonical, plan_order
from simulator.scenario.resolve.timeline import as_but, later, two_overrides
from simulator.scenario.schema.field_checks import check
from simulator.scenario.schema.mistakes import located
from simulator.scenario.schema.scenario import FORMAT, Scenario


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that was written for a scenario, parents and changes merged in, before it is checked."""

    tree: Map
    file: Path
    citations: tuple[Citation, ...] = ()
    log: tuple[Change, ...] = ()

    def laid(self, patch: Map, folder: Path | None) -> "Whole":
        """This with a patch laid over it; tables that the patch names lie in ``folder``, or it has their rows."""
        citations, log = list(self.citations), list(self.log)
        tree = _laid(self.tree, patch, folder, citations, log)
        return Whole(tree, self.file, tuple(citations), tuple(log))

    def sized(self, families: int | None, months: int | None) -> "Whole":
        """This with so many sampled families and reported months, where they are given."""
        tree, citations, log = self.tree, list(self.citations), list(self.log)
        if families is not None:
            tree = _laid(tree, change(f"population.families={families}", "--families"), Path.cwd(), citations, log)
        if months is not None:
            for text in _end(tree, months):
                tree = merge(tree, change(text, "--months"), log=log)
        return Whole(tree, self.file, tuple(citations), tuple(log))

    def scenario(self) -> Scenario:
        """The scenario that is written. Raises UserError for what is not said rightly, in any arm."""
        return _built(without_name(self.tree), self.file, list(self.citations), list(self.log))


def gather(
    path: str | Path,
    changes: Sequence[str] = (),
    families: int | None = None,
    months: int | None = None,
    with_: Sequence[str] = (),
) -> Whole:
    """What ``load`` reads and lays together, not checked as a whole."""
    file = find(path)
    log: list[Change] = []
    citations: list[Citation] = []
    tree = _with_parents(file, (), citations, log)
    for patch in _overrides(tree, with_):
        tree = merge(tree, as_but(patch), log=log)
    for text in changes:
        tree = _laid(tree, change(text), Path.cwd(), citations, log)
    return Whole(tree, file, tuple(citations), tuple(log)).sized(families, months)


def _laid(tree: Map, patch: Map, folder: Path | None, citations: list[Citation], log: list[Change]) -> Map:
    patch = expand(patch)
    patch, cited = cite(as_but(patch if folder is None else with_network(with_rows(patch, folder), folder)))
    citations += cited
    check_names(tree, patch)
    return merge(tree, patch, log=log)


def load(
    path: str | Path,
    changes: Sequence[str] = (),
    families: int | None = None,
    months: int | None = None,
    with_: Sequence[str] = (),
) -> Scenario:
    """The scenario in a file, or a packaged one by its bare name, such as `base`.

    ``with_`` names overrides of the file, ``changes`` are `path=value` as after ``--set``; they are laid over the file
    in this order. ``families`` replaces the number of families simulated, ``months`` the number of months reported.
    Raises UserError (often UserErrors) for what the file, a parent or a change does not say rightly, in any arm.
    """
    return gather(path, changes, families, months, with_).scenario()


def load_tree(tree: Map, file: Path, families: int | None = None, leave: Sequence[str] = ()) -> Scenario:
    """The scenario of a tree put together in memory, as if it had been read from ``file``; ``leave`` names sections of
    the parent that it does not take over. Raises UserError as `load` does."""
    log: list[Change] = []
    citations: list[Citation] = []
    whole = _over_parent(tree, file, (), citations, log, leave)
    if families is not None:
        whole = merge(whole, change(f"population.families={families}", "--families"), log=log)
    return _built(without_name(whole), file, citations, log)


def _overrides(tree: Map, chosen: Sequence[str]) -> list[Map]:
    """The overrides that the user chose. Raises UserError for an unknown one and for two that contradict each other."""
    known = tree.items.get("overrides", Map(tree.place))
    assert isinstance(known, Map)
    for name in chosen:
        if name not in known.items:
            text = say("override_none", name=name, known=", ".join(known.items) or "–") + near(name, known.items)
            raise UserError(text, "--with")
    patches = []
    for name in dict.fromkeys(chosen):
        patch = known.items[name]
        if not isinstance(patch, Map):
            raise UserError.at(patch.place, f"overrides.{name}", say("mistake_block", text=plain(patch)))
        for key in ("format", "extends", "overrides"):
            if key in patch.items:
                raise UserError.at(patch.keys[key], f"overrides.{name}.{key}", say("override_key", key=key))
        patches.append(patch)
    two_overrides(known, list(dict.fromkeys(chosen)))
    return patches


def find(path: str | Path) -> Path:
    """The file that the user means. Raises UserError if there is none."""
    file = Path(path)
    if there(file):
        return file
    packaged = scenarios_folder() / f"{path}.yaml"
    if file.name == str(path) and there(packaged):
        return packaged
    names = [p.stem for p in scenarios_folder().glob("*.yaml")]
    here = [str(p) for p in beside(file, "*.yaml")]
    raise UserError(say("load_no_file", path=shortened(str(path))) + near(str(path), [*here, *names]))


def _with_parents(file: Path, children: tuple[Path, ...], citations: list[Citation], log: list[Change]) -> Map:
    """The tree of a file laid over those of its parents."""
    return _over_parent(read_file(file, shown(file)), file, children, citations, log)


def _over_parent(
    tree: Map,
    file: Path,
    children: tuple[Path, ...],
    citations: list[Citation],
    log: list[Change],
    leave: Sequence[str] = (),
) -> Map:
    """A tree laid over those of its parents, without the sections of theirs that it leaves."""
    _format(tree)
    parent = tree.items.get("extends")
    tree, base = without(tree, "extends"), Map(tree.place)
    if parent is not None:
        up = _parent(parent, file)
        chain = (*children, file.resolve())
        if up.resolve() in chain:
            circle = " -> ".join(p.name for p in (*chain[chain.index(up.resolve()) :], up))
            raise UserError.at(parent.place, "extends", say("load_circle", circle=circle))
        read, cited, replaced = _PARENTS.get((up.resolve(), shown(up), Path.cwd()), lambda: _parent_tree(up, chain))
        citations += cited
        log += replaced
        base = without(inherited(read), *leave)
    tree, cited = cite(as_but(with_network(with_rows(expand(tree), file.parent), file.parent)))
    citations += cited
    return merge(base, tree, log=log)


type Read = tuple[Map, list[Citation], list[Change]]
_PARENTS: Kept[Read] = Kept()
"""Trees of files that others extend, with their own parents, and what was cited and replaced in them."""


def _parent_tree(file: Path, children: tuple[Path, ...]) -> Read:
    citations: list[Citation] = []
    log: list[Change] = []
    return _with_parents(file, children, citations, log), citations, log


def _parent(node: Node, file: Path) -> Path:
    name = text_of(node)
    if name is None:
        raise UserError.at(node.place, "extends", say("load_one_parent"))
    for folder in (file.parent, scenarios_folder()):
        if there(folder / name):
            return folder / name
    siblings = {p.name for folder in (file.parent, scenarios_folder()) for p in folder.glob("*.yaml")}
    raise UserError.at(
        node.place, "extends", say("load_no_parent", name=shortened(name)) + near(Path(name).name, siblings)
    )


def _format(tree: Map) -> None:
    if "format" not in tree.items:
        raise UserError.at(tree.place, "format", say("load_format_missing"))
    node = tree.items["format"]
    if text_of(node) != FORMAT:
        raise UserError.at(node.place, "format", say("load_format", text=plain(node)))


def _end(tree: Map, months: int) -> Iterator[str]:
    """Changes that make the run as long as ``months`` reported; dates of the whole run stay valid."""
    if months < 1:
        raise UserError(say("load_months", months=months), "--months")
    time = tree.items.get("time")
    start, end = (text_of(time.items.get(key)) if isinstance(time, Map) else None for key in ("start", "end"))
    try:
        cut = later(start or "", months - 1)
    except ValueError:
        return
    yield f"time.end={cut}"
    if end is not None and end > cut:
        yield f"time.dated_to={end}"


def _built(tree: Map, file: Path, citations: list[Citation], log: list[Change]) -> Scenario:
    check_named(tree)
    baseline = tree.items.get("baseline")
    start = without(baseline, "timeline") if isinstance(baseline, Map) else None
    content = plain(tree)
    plans = plan_order(start) if start else ()
    if start:
        content["baseline"] = canonical(plain(_filled(start)), plans)
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise located(error, tree) from None
    scenario._name, scenario._file, scenario._tree = file.stem, shown(file), tree
    scenario._changes = tuple(log)
    check(scenario, citations)
    states = States(scenario, tree, start or Map(tree.place), plans)
    scenario._states.update(states.all())
    scenario._warnings = tuple(states.warnings)
    scenario._doubts = tuple(doubts(scenario))
    return scenario


def _filled(start: Map) -> Map:
    try:
        return filled(start)
    except UserError as error:
        raise UserError(
            error.message, file=error.file, line=error.line, column=error.column, path=f"baseline.{error.path}"
        ) from None
