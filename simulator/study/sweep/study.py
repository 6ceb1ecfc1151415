"""A study that was read: its file, the scenario that it varies, and what is laid over that at a point."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from simulator.core.errors import Place
from simulator.scenario.language.csv_tables import found, named, with_rows_of
from simulator.scenario.language.merge import expand, place_at, plain
from simulator.scenario.language.strict_yaml import Map, Node, Scalar, Seq
from simulator.scenario.load import Whole
from simulator.scenario.schema.scenario import Scenario
from simulator.study.parameter_table import ParameterTable
from simulator.study.sweep.language import StudyFile, Variable
from simulator.study.sweep.values import as_text, scaled, word

type Values = Mapping[str, str | None]
"""What a point says: text by variable; None where the scenario keeps its own."""


@dataclass(frozen=True)
class Study:
    """A study file that was read, and the scenario that it varies. Made by ``read_study``."""

    file: Path
    specification: StudyFile
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
        return {**self.specification.levers, **self.specification.uncertainties}

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
        for variable, declared in self.variables.items():
            table = self.tables.get(variable)
            if table is None or any("case_groups" in column for column in table.columns):
                options = declared.options or declared.between or range(len(table.rows) if table else 0)
                for text in map(as_text, options):
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
        for name, derived in self.specification.derived.items():
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
        return "levers" if name in self.specification.levers else "uncertainties"

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


def copied(name: str) -> str:
    """What a table of case groups is called in a copy of the study, since the name in the study leads anywhere."""
    return f"case_groups_{hashlib.sha256(name.encode()).hexdigest()[:16]}.csv"


def _patch(path: str, node: Node, at: Place) -> Map:
    """The patch that sets one dotted path."""
    for part in reversed(path.split(".")):
        block = Map(at)
        block.put(part, node, at)
        node = block
    assert isinstance(node, Map)
    return node
