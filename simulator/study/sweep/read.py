"""Read a study file: strict YAML, checked as a whole, every value tried on the scenario before anything runs."""

from pathlib import Path

from pydantic import ValidationError

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.scenario.language.merge import place_at, plain
from simulator.scenario.language.naming import misnamed, refuse
from simulator.scenario.language.packaged import shown
from simulator.scenario.language.strict_yaml import Map, read_file
from simulator.scenario.language.text_files import beside, there
from simulator.scenario.load import gather
from simulator.scenario.schema.mistakes import located
from simulator.study.parameter_table import ParameterTable, read_table
from simulator.study.sweep.language import StudyFile, Variable
from simulator.study.sweep.study import Study
from simulator.study.sweep.study_checks import check
from simulator.study.sweep.values import as_text

TRIED_ROWS = 20
"""Rows of a table of parameter sets that are tried before a study starts, evenly spread."""


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
        return [as_text(option) for option in variable.options]
    if variable.between is not None:
        return list(variable.between)
    rows = len(study.tables[name].rows)
    step = max(1, rows // TRIED_ROWS)
    return [str(row) for row in range(0, rows, step)]


def _first(condition: object) -> str:
    return as_text(condition[0] if isinstance(condition, tuple) else condition)


def _at_home(study: Study, name: str, text: str, error: UserError) -> UserError:
    """A mistake as one of the study file: what was refused in the scenario is told with the value that brought it."""
    if error.file == shown(study.file):
        return error
    where = f"{study.section(name)}.{name}"
    return UserError.at(study._written(name, text), where, say("sweep.value_refused", value=text, problem=error))
