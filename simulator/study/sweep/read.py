"""Read a study file: strict YAML, checked as a whole, every value tried on the scenario before anything runs."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from simulator.core.errors import Place, UserError, UserErrors, near
from simulator.core.messages import say
from simulator.scenario.language.csv_tables import found, named, with_rows_of
from simulator.scenario.language.merge import expand, place_at, plain
from simulator.scenario.language.naming import misnamed, refuse
from simulator.scenario.language.packaged import shown
from simulator.scenario.language.strict_yaml import Map, Node, Scalar, Seq, read_file
from simulator.scenario.language.text_files import beside, there
from simulator.scenario.load import Whole, gather
from simulator.scenario.schema.mistakes import located
from simulator.scenario.schema.scenario import Scenario
from simulator.study.sweep.checks import check
from simulator.study.sweep.language import StudyFile, Variable
from simulator.study.sweep.parameter_table import ParameterTable, read_table
from simulator.study.sweep.values import said, scaled, word

TRIED_ROWS = 20
"""Rows of a table of parameter sets that are tried before a study starts, evenly spread."""

type Values = Mapping[str, str | None]
"""What a point says: text by variable; None where the scenario keeps its own."""


@dataclass(frozen=True)
class Study:
    """A study file that was read, and the scenario that it varies. Made by ``read_study``."""

    file: Path
    said: StudyFile
    tree: Map
    whole: Whole
    """The scenario with the study's changes, before anything varies."""
    tables: dict[str, ParameterTable] = field(default_factory=dict)
    """Tables of parameter sets by variable."""
    _places: dict[tuple[str, str | None], dict[str, Place]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """Name of the study: that of its folder if the file is called `sweep.yaml`, else that of the file."""
        return self.file.absolute().parent.name if self.file.stem == "sweep" else self.file.stem

    @property
    def variables(self) -> dict[str, Variable]:
        """Levers, then uncertainties, by name."""
        return {**self.said.levers, **self.said.uncertainties}

    @cached_property
    def base(self) -> Scenario:
        """The scenario with the study's changes."""
        return self.whole.scenario()

    def scenario(self, values: Values) -> Scenario:
        """The scenario at a point. Raises UserError where its values do not go together."""
        return self.laid(values).scenario()

    def laid(self, values: Values) -> Whole:
        """What is written at a point, not checked as a whole. Raises UserError for what cannot be laid over it."""
        whole = self.whole
        for patch in self.patches(values):
            whole = whole.laid(patch, None)
        return whole

    def patches(self, values: Values) -> Iterator[Map]:
        """What is laid over the scenario at a point, in the order in which it is laid; with the rows of tables that it
        names, so that a task is named by what they say."""
        for patch in self._patches(values):
            expanded = expand(patch)
            name = named(expanded)
            yield patch if name is None else with_rows_of(expanded, self._table(name))

    def named_tables(self) -> dict[str, Path]:
        """Tables of case groups that some value may name, by what a copy of the study calls them."""
        names: set[str] = set()
        for variable, said_of in self.variables.items():
            table = self.tables.get(variable)
            if table is None or any("case_groups" in column for column in table.columns):
                for text in map(said, said_of.options or said_of.between or range(len(table.rows) if table else 0)):
                    names |= {name for patch in self._patches({variable: text}) if (name := named(expand(patch)))}
        return {copied(name): file for name in names if (file := self._table(name)) is not None}

    def _table(self, name: str) -> Path | None:
        copy = self.file.parent / copied(name)
        return copy if copy.is_file() else found(name, self.file.parent)

    def _patches(self, values: Values) -> Iterator[Map]:
        for name, variable in self.variables.items():
            text = values.get(name)
            if text is None:
                continue
            at = self.place(name)
            if variable.sets:
                node = Scalar(word(text), self._written(name, text))
                yield from (_patch(path, node, self._written(name, path, "sets")) for path in variable.sets)
            elif variable.cases is not None:
                case = self._node(name, "cases", text)
                assert isinstance(case, Map)
                yield case
            else:
                table = self.tables[name]
                row = zip(table.columns, table.rows[int(text)], strict=True)
                yield from (_patch(path, Scalar(word(cell), at), at) for path, cell in row if cell)
        for name, derived in self.said.derived.items():
            text = values.get(derived.same_as)
            if text is not None:
                followed = text if derived.times is None else scaled(text, derived.times)
                at = place_at(self.tree, f"derived.{name}.sets")
                yield from (_patch(path, Scalar(word(followed), at), at) for path in derived.sets)

    def place(self, name: str) -> Place:
        """Where a variable is written."""
        return place_at(self.tree, f"{self.section(name)}.{name}")

    def section(self, name: str) -> str:
        """The section in which a variable stands."""
        return "levers" if name in self.said.levers else "uncertainties"

    def _node(self, name: str, *path: str) -> Node | None:
        node: Node | None = self.tree.items[self.section(name)]
        for key in (name, *path):
            node = node.items.get(key) if isinstance(node, Map) else None
        return node

    def _written(self, name: str, text: str, key: str | None = None) -> Place:
        """Where a variable says a value, or a path if ``key`` is `sets`; where it begins, for what is not written."""
        if (name, key) not in self._places:
            nodes = [self._node(name, each) for each in ((key,) if key else ("between", "values"))]
            written = [one for node in nodes for one in (node.items if isinstance(node, Seq) else [node])]
            places = {str(plain(one)).lower(): one.place for one in reversed(written) if isinstance(one, Scalar)}
            self._places[name, key] = places
        return self._places[name, key].get(text.lower()) or self.place(name)


def read_study(
    file: str | Path,
    families: int | None = None,
    months: int | None = None,
    scenario: Path | None = None,
    tables: dict[str, ParameterTable] | None = None,
    tried: bool = True,
) -> Study:
    """The study in a file, or in the `sweep.yaml` of a folder.

    Args:
        file: study file or its folder.
        families: in place of what the scenario and the changes of the study say.
        months: number of reported months, likewise.
        scenario: a scenario file in place of the one that the study names, with the study's changes in it already.
        tables: of parameter sets by variable, in place of the files that the study names.
        tried: whether every value is tried on the scenario.

    Raises:
        UserError: (often UserErrors) for what the study, its scenario or any of its values does not say rightly.
    """
    path = _find(Path(file))
    tree = read_file(path, shown(path))
    refuse(misnamed(tree, _holds_names, {}))
    try:
        content = StudyFile.model_validate(plain(tree))
    except ValidationError as error:
        raise located(error, tree, StudyFile) from None
    if scenario is not None:
        whole = gather(scenario)
    else:
        whole = gather(_scenario_file(content.scenario, path, tree))
        changes = tree.items.get("changes")
        if isinstance(changes, Map) and changes.items:
            whole = whole.laid(changes, path.parent)
        whole = whole.sized(families, months)
    study = Study(path, content, tree, whole, _tables(content, tree, path) if tables is None else tables)
    check(study)
    if tried:
        _try_values(study)
    return study


def _holds_names(path: tuple[str, ...]) -> bool:
    """Whether what stands at a path of a study is called by names that its author gives."""
    match path:
        case ("levers" | "uncertainties" | "derived" | "outcomes",) | ("levers" | "uncertainties", _, "cases"):
            return True
    return False


def copied(name: str) -> str:
    """What a table of case groups is called in a copy of the study, since the name in the study leads anywhere."""
    return f"case_groups_{hashlib.sha256(name.encode()).hexdigest()[:16]}.csv"


def _find(path: Path) -> Path:
    for each in (path, path / "sweep.yaml"):
        if there(each):
            return each
    here = [str(p) for p in beside(path, "*.yaml")]
    raise UserError(say("sweep.no_file", path=path) + near(str(path), here))


def _scenario_file(name: str, study: Path, tree: Map) -> str | Path:
    file = study.parent / name
    if there(file):
        return file
    try:
        from simulator.scenario.load import find

        return find(name)
    except UserError as error:
        raise UserError.at(place_at(tree, "scenario"), "scenario", error.message) from None


def _tables(content: StudyFile, tree: Map, file: Path) -> dict[str, ParameterTable]:
    """The tables of parameter sets that variables name, by variable."""
    return {
        name: read_table(variable.posterior, file.parent, place_at(tree, where), where)
        for section, variables in (("levers", content.levers), ("uncertainties", content.uncertainties))
        for name, variable in variables.items()
        if variable.posterior is not None
        for where in [f"{section}.{name}.posterior"]
    }


def _patch(path: str, node: Node, at: Place) -> Map:
    """The patch that sets one dotted path."""
    for part in reversed(path.split(".")):
        block = Map(at)
        block.put(part, node, at)
        node = block
    assert isinstance(node, Map)
    return node


def _try_values(study: Study) -> None:
    """Build the scenario with every value of every variable, one after the other; all that is refused is said."""
    _ = study.base
    wrong: list[UserError] = []
    for name, variable in study.variables.items():
        for text in _trials(study, name, variable):
            beside = {other: _first(condition) for other, condition in variable.when.items()}
            try:
                study.scenario({**beside, name: text})
            except UserError as error:
                wrong += [_at_home(study, name, text, each) for each in error.all]
    if wrong:
        raise UserErrors(wrong)


def _trials(study: Study, name: str, variable: Variable) -> list[str]:
    if variable.options is not None:
        return [said(option) for option in variable.options]
    if variable.between is not None:
        return list(variable.between)
    rows = len(study.tables[name].rows)
    step = max(1, rows // TRIED_ROWS)
    return [str(row) for row in range(0, rows, step)]


def _first(condition: object) -> str:
    return said(condition[0] if isinstance(condition, tuple) else condition)


def _at_home(study: Study, name: str, text: str, error: UserError) -> UserError:
    """A mistake as one of the study file: what was refused in the scenario is told with the value that brought it."""
    if error.file == shown(study.file):
        return error
    where = f"{study.section(name)}.{name}"
    return UserError.at(study._written(name, text), where, say("sweep.value_refused", value=text, problem=error))
