"""From a design to its points: which values every variable has, point by point."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.scenario.language.merge import place_at
from simulator.study.parameter_table import read_table
from simulator.study.sweep.language import (
    Grid,
    LatinHypercube,
    Listed,
    Morris,
    OneAtATime,
    Random,
    Sampled,
    Sobol,
    Table,
)
from simulator.study.sweep.study import Study
from simulator.study.sweep.values import as_text, between, value_at

type Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Points:
    """The points of a design, in order. ``rows`` hold a text for each of ``names``, None where the scenario keeps its
    own; ``policy`` is the number of the combination of levers, ``sample`` that of the draw of uncertainties."""

    names: tuple[str, ...]
    rows: Sequence[Row]
    policy: Sequence[int]
    sample: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, point: int) -> dict[str, str | None]:
        """Text by variable at a point."""
        return dict(zip(self.names, self.rows[point], strict=True))


def points_of(study: Study) -> Points:
    """The points of a study's design; the same for the same study on any machine.

    Raises:
        UserError: a table cannot be read or says what cannot be, or a library is missing.
    """
    names = tuple(study.variables)
    design = study.specification.design
    levers = len(study.specification.levers)
    match design:
        case Grid():
            steps = design.steps or 2
            rows: Iterable[Row] = product(*(_all(study, name, steps) for name in names))
        case Listed():
            rows = [tuple(_maybe(point.get(name)) for name in names) for point in design.points]
        case Table():
            rows = _from_table(study, design, names)
        case OneAtATime():
            rows = _moved(study, design, names)
        case Sampled():
            return _numbered(names, levers, conditional(study, names, _sampled(study, design)), sampled=True)
    return _numbered(names, levers, dict.fromkeys(conditional(study, names, rows)))


def _all(study: Study, name: str, steps: int) -> list[str]:
    if name in study.tables:
        return [str(row) for row in range(len(study.tables[name].rows))]
    return between(study.variables[name], steps)


def _maybe(value: str | bool | None) -> str | None:
    return None if value is None else as_text(value)


def _from_table(study: Study, design: Table, names: tuple[str, ...]) -> list[Row]:
    at = place_at(study.tree, "design.file")
    table = read_table(design.file, study.file.parent, at, "design.file")
    for column in table.columns:
        if column not in names:
            raise UserError.at(at, "design.file", say("sweep.table_column", column=column) + near(column, names))
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    for number, row in enumerate(rows, 1):
        for name, text in row.items():
            options = [as_text(option) for option in study.variables[name].options or ()]
            if text and options and text not in options:
                sentence = say("sweep.table_value", row=number, column=name, text=text) + near(text, options)
                raise UserError.at(at, "design.file", sentence)
    return [tuple(row.get(name) or None for name in names) for row in rows]


def _moved(study: Study, design: OneAtATime, names: tuple[str, ...]) -> list[Row]:
    start = tuple(as_text(design.compare_with[name]) for name in names)
    rows: list[Row] = [start]
    for place, name in enumerate(names):
        rows += [(*start[:place], value, *start[place + 1 :]) for value in _all(study, name, design.steps)]
    return rows


def _sampled(study: Study, design: Sampled) -> list[Row]:
    """Draws of what is drawn, each with every value of the levers that are not."""
    levers = [] if design.levers == "sampled" else list(study.specification.levers)
    drawn = [name for name in study.variables if name not in levers]
    every = list(product(*(between(study.variables[name], 2) for name in levers)))
    rows: list[Row] = []
    for parts in unit_sample(study, design, drawn):
        draw = tuple(_at(study, name, float(part)) for name, part in zip(drawn, parts, strict=True))
        rows += [(*policy, *draw) for policy in every]
    return rows


def _at(study: Study, name: str, part: float) -> str:
    rows = len(study.tables[name].rows) if name in study.tables else 0
    return value_at(study.variables[name], part, rows)


def unit_sample(study: Study, design: Sampled, drawn: list[str]) -> Any:
    """Points of the unit cube, (draw, variable), in the order in which SALib analyses them."""
    import numpy as np

    seed, count = design.seed, len(drawn)
    match design:
        case Random():
            return np.random.default_rng(seed).random((design.points, count))
        case LatinHypercube():
            from_scipy = _library("scipy.stats.qmc", study)
            return from_scipy.LatinHypercube(count, rng=np.random.default_rng(seed)).random(design.points)
        case Sobol():
            sample = _library("SALib.sample.sobol", study).sample
            return sample(problem(drawn), design.points, calc_second_order=design.second_order, seed=seed)
        case Morris():
            sample = _library("SALib.sample.morris", study).sample
            return sample(problem(drawn), design.trajectories, num_levels=design.levels, seed=seed)
    raise TypeError(design)


def problem(drawn: list[str]) -> dict[str, Any]:
    """What SALib calls a problem: the drawn variables on the unit cube."""
    return {"num_vars": len(drawn), "names": drawn, "bounds": [[0.0, 1.0]] * len(drawn)}


def _library(name: str, study: Study) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        at = place_at(study.tree, "design.kind")
        raise UserError.at(at, "design.kind", say("sweep.library", name=name.partition(".")[0])) from None


def conditional(study: Study, names: tuple[str, ...], rows: Iterable[Row]) -> list[Row]:
    """Rows without the values whose conditions do not hold there."""
    conditions = [
        (names.index(name), [(names.index(other), _wanted(values)) for other, values in variable.when.items()])
        for name, variable in study.variables.items()
        if variable.when
    ]
    kept = []
    for row in rows:
        new = list(row)
        for place, wanted in conditions:
            if any(row[other] not in values for other, values in wanted):
                new[place] = None
        kept.append(tuple(new))
    return kept


def _wanted(values: Any) -> set[str]:
    return {as_text(value) for value in (values if isinstance(values, tuple) else (values,))}


def _numbered(names: tuple[str, ...], levers: int, rows: Iterable[Row], sampled: bool = False) -> Points:
    """Points with the numbers of their policies and samples. A draw counts by itself even where it repeats another."""
    policies: dict[Row, int] = {}
    samples: dict[Any, int] = {}
    kept, policy, sample = [], [], []
    rows = list(rows)
    seen: dict[Row, int] = {}
    for row in rows:
        decided, drawn = row[:levers], row[levers:]
        kept.append(row)
        policy.append(policies.setdefault(decided, len(policies)))
        if sampled:  # the nth time that a policy comes up is its nth draw
            sample.append(seen.get(decided, 0))
            seen[decided] = sample[-1] + 1
        else:
            sample.append(samples.setdefault(drawn, len(samples)))
    return Points(names, kept, policy, sample)
