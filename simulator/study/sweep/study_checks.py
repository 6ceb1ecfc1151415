"""What the parts of a study must have in common: names, conditions, designs that fit what varies."""

from collections.abc import Iterable, Iterator

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.scenario.language.merge import place_at
from simulator.scenario.language.naming import called
from simulator.scenario.language.values import quantity
from simulator.study.sweep.language import Listed, Morris, Sampled, Sobol, Variable
from simulator.study.sweep.study import Study
from simulator.study.sweep.values import as_text

TAKEN = ("task", "point", "policy", "sample", "arm", "replication")
"""Columns of the table of results, which nothing in a study may be called."""


def check(study: Study) -> None:
    """Raise UserErrors for everything that does not fit together."""
    checks = (_names, _arms, _outcomes, _derived, _conditions, _points, _compared, _stop, _design)
    wrong = [
        UserError.at(place_at(study.tree, path), path, sentence) for one in checks for path, sentence in one(study)
    ]
    if wrong:
        raise UserErrors(wrong)


type Mistakes = Iterator[tuple[str, str]]
"""Dotted path in the study, and what is wrong there."""


def width(text: str) -> float:
    """The width of an interval in the unit of an indicator: `1 pp`, `0.5%`, `5 yuan`, `0.1`. Raises ValueError."""
    value, unit = quantity(f"+{text}" if text.endswith(" pp") else text)
    return value / 100 if unit.startswith("fen") else value


def _unknown(name: object, words: Iterable[str]) -> str:
    known = list(words)
    return say("sweep.unknown", name=name, known=", ".join(known) or "–") + near(name, known)


def _names(study: Study) -> Mistakes:
    seen = dict.fromkeys(TAKEN, "")
    for section in ("levers", "uncertainties", "derived", "outcomes"):
        for name in getattr(study.specification, section):
            if name in seen:
                yield f"{section}.{name}", say("sweep.name_twice", name=name, where=seen[name] or say("sweep.results"))
            seen[name] = section


def _arms(study: Study) -> Mistakes:
    reforms = study.whole.tree.items.get("reforms")
    arms = ["baseline", *(getattr(reforms, "items", None) or {})]
    for arm in study.specification.arms:
        if arm not in arms:
            yield "arms", _unknown(arm, arms)


def _outcomes(study: Study) -> Mistakes:
    for word, section in (("plan", "plans"), ("alliance", "alliances")):
        known = list(dict.fromkeys(_called(study, section)))
        for name, outcome in study.specification.outcomes.items():
            asked = getattr(outcome, word)
            if asked and asked not in known:
                yield f"outcomes.{name}.{word}", _unknown(asked, known)


def _called(study: Study, section: str) -> Iterator[str]:
    """Every name in a section of the rules that any arm has at any date and at any point."""
    where = ("baseline", section)
    yield from called(study.whole.tree, where)
    for name, variable in study.variables.items():
        for case in variable.cases or ():
            yield from (each for patch in study.patches({name: case}) for each in called(patch, where))


def _derived(study: Study) -> Mistakes:
    for name, derived in study.specification.derived.items():
        followed = study.variables.get(derived.same_as)
        if followed is None:
            yield f"derived.{name}.same_as", _unknown(derived.same_as, study.variables)
        elif not followed.sets:
            yield f"derived.{name}.same_as", say("sweep.derived_of", name=derived.same_as)


def _conditions(study: Study) -> Mistakes:
    for name, variable in study.variables.items():
        for other, wanted in variable.when.items():
            where = f"{study.section(name)}.{name}.when.{other}"
            condition = study.variables.get(other)
            if condition is None or other == name:
                yield where, _unknown(other, [each for each in study.variables if each != name])
            elif condition.options is None or condition.when:
                yield where, say("sweep.when_options", name=other)
            else:
                yield from ((where, text) for text in _not_options(condition, wanted))


def _not_options(variable: Variable, wanted: object) -> Iterator[str]:
    options = [as_text(option) for option in variable.options or ()]
    for value in wanted if isinstance(wanted, tuple) else (wanted,):
        if as_text(value) not in options:
            yield _unknown(as_text(value), options)


def _values(study: Study, path: str, values: dict[str, str | bool]) -> Mistakes:
    for name, value in values.items():
        variable = study.variables.get(name)
        if variable is None:
            yield f"{path}.{name}", _unknown(name, study.variables)
        elif variable.options is not None:
            yield from ((f"{path}.{name}", text) for text in _not_options(variable, value))


def _points(study: Study) -> Mistakes:
    design = study.specification.design
    if isinstance(design, Listed):
        for number, point in enumerate(design.points):
            yield from _values(study, f"design.points.{number}", point)


def _compared(study: Study) -> Mistakes:
    yield from _values(study, "design.compare_with", study.specification.design.compare_with)


def _stop(study: Study) -> Mistakes:
    stop = study.specification.design.stop_when
    if stop is None:
        return
    if stop.outcome not in study.specification.outcomes:
        yield "design.stop_when.outcome", _unknown(stop.outcome, study.specification.outcomes)
    if stop.at_most < study.specification.design.replications:
        yield "design.stop_when.at_most", say("sweep.at_most", least=study.specification.design.replications)
    try:
        wide = width(stop.interval_below)
    except ValueError as error:
        yield "design.stop_when.interval_below", str(error)
    else:
        if wide <= 0:
            yield "design.stop_when.interval_below", say("mistake_greater", text=stop.interval_below, limit=0)
    if study.specification.design.replications < 2:
        yield "design.replications", say("sweep.stop_replications")


def _design(study: Study) -> Mistakes:
    said_, design = study.specification, study.specification.design
    if not study.variables and design.kind != "list":
        yield "design.kind", say("sweep.nothing_varies")
    if isinstance(design, Sampled):
        drawn = dict(said_.uncertainties) | (said_.levers if design.levers == "sampled" else {})
        if not drawn:
            yield "design.kind", say("sweep.nothing_drawn", kind=design.kind)
        if design.levers == "every":
            for name, lever in said_.levers.items():
                if lever.options is None:
                    yield f"levers.{name}", say("sweep.lever_range")
        if isinstance(design, Sobol | Morris):
            for name in drawn:
                if study.variables[name].when:
                    yield f"{study.section(name)}.{name}.when", say("sweep.when_design", kind=design.kind)
    if isinstance(design, Sobol) and design.points & (design.points - 1):
        yield "design.points", say("sweep.power_of_two", points=design.points)
    if design.kind == "grid" and design.steps is None:
        for name, variable in study.variables.items():
            if variable.between is not None:
                yield f"{study.section(name)}.{name}", say("sweep.grid_steps")
    if design.kind == "one_at_a_time":
        missing = [name for name in study.variables if name not in design.compare_with]
        if missing:
            yield "design.compare_with", say("sweep.one_at_a_time", names=", ".join(missing))
