"""What a study varies, in words: variables and their values, points and policies."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from simulator.core.messages import language, say
from simulator.report.page.figures import named
from simulator.report.page.rules import in_units
from simulator.report.results_table import SHAPE, Row
from simulator.scenario.language.values import unit_of as written_unit
from simulator.study.sweep.language import Outcome, Variable, number_of
from simulator.study.sweep.tasks import Tasks

FEW = 12
"""Values up to which each of them is shown by itself."""


class Variation(NamedTuple):
    """A line of the table of what varies: name, kind, what it sets, values, source or note."""

    name: str
    kind: str
    sets: tuple[str, ...]
    values: str
    source: str


@dataclass(frozen=True)
class Varied:
    """The variables, points and outcomes of a study, in the language spoken now."""

    tasks: Tasks

    @property
    def variables(self) -> dict[str, Variable]:
        """Levers, then uncertainties."""
        return self.tasks.study.variables

    def title(self, name: str) -> str:
        """A variable in words."""
        variable = self.variables[name]
        return getattr(variable.title, language()) if variable.title else name.replace("_", " ")

    def text(self, name: str, value: str | None) -> str:
        """A value in words."""
        if value is None:
            return say("page.sweep_own")
        if self.variables[name].posterior is not None:
            return say("page.sweep_row", row=int(value) + 1)
        return in_units(value)

    @cached_property
    def texts(self) -> dict[str, list[str | None]]:
        """By variable, its text at every point."""
        points = self.tasks.points
        return {name: [row[place] for row in points.rows] for place, name in enumerate(points.names)}

    @cached_property
    def moving(self) -> list[str]:
        """The variables that have two values or more among the points."""
        return [name for name, texts in self.texts.items() if len(set(texts)) > 1]

    def numeric(self, name: str) -> bool:
        """Whether all values are numbers of one unit."""
        known = {text for text in self.texts[name] if text is not None}
        if self.variables[name].posterior is not None or len({written_unit(text) for text in known}) != 1:
            return False
        try:
            return all(number_of(text) is not None for text in known)
        except ValueError:
            return False

    def values(self, name: str) -> list[str]:
        """Its values, numbers in their order and others as the study lists them."""
        seen = list(dict.fromkeys(text for text in self.texts[name] if text is not None))
        if self.numeric(name):
            return sorted(seen, key=number_of)
        options = [str(option).lower() if isinstance(option, bool) else option for option in
                   self.variables[name].options or ()]  # fmt: skip
        return sorted(seen, key=lambda text: options.index(text) if text in options else len(options))

    def levers(self) -> list[str]:
        """The levers that move."""
        return [name for name in self.moving if name in self.tasks.study.specification.levers]

    def policy(self, number: int) -> list[tuple[str, str]]:
        """What makes a combination of levers: (title, value) of the levers that move."""
        point = self.tasks.points.policy.index(number)
        return [(self.title(name), self.text(name, self.texts[name][point])) for name in self.levers()]

    def policy_words(self, number: int) -> str:
        """The same in a line."""
        return say("page.sweep_and").join(f"{title} {value}" for title, value in self.policy(number)) or say(
            "page.sweep_all"
        )

    def rows(self) -> list[Variation]:
        """The table of what varies."""
        spec = self.tasks.study.specification
        made = []
        for name, variable in self.variables.items():
            kind = say("sweep.lever" if name in spec.levers else "sweep.uncertainty")
            if variable.between:
                values = " … ".join(variable.between)
            elif variable.options is not None:
                values = ", ".join(str(option) for option in variable.options)
            else:
                values = say("sweep.rows", rows=len(self.tasks.study.tables[name].rows), file=variable.posterior)
            sets = variable.sets or (self.tasks.study.tables[name].columns if variable.posterior else ())
            for case, patch in (variable.cases or {}).items():
                sets += tuple(f"{case}: {path} = {value}" for path, value in _leaves(patch))
            made.append(Variation(self.title(name), kind, sets, values, _joined(variable.source, variable.note)))
        for name, derived in spec.derived.items():
            times = "" if derived.times is None else f" × {derived.times:g}"
            values = f"{self.title(derived.same_as)}{times}"
            made.append(Variation(name.replace("_", " "), say("page.sweep_derived"), derived.sets, values, ""))
        return made


def outcome_row(outcome: Outcome) -> Row:
    """The indicator of an outcome and whom it is about."""
    return Row(outcome.indicator, **{kind: getattr(outcome, kind) for kind in SHAPE})


def outcome_name(outcome: Outcome) -> str:
    """An outcome in words."""
    name = getattr(outcome.title, language()) if outcome.title else named(outcome_row(outcome))
    return name[:1].upper() + name[1:]


def _joined(*texts: str | None) -> str:
    return "; ".join(text for text in texts if text)


def _leaves(node: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(node, dict):
        return [leaf for key, below in node.items() for leaf in _leaves(below, f"{path}.{key}".strip("."))]
    return [(path, str(node))]
