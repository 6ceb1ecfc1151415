"""``tiercare list``: the scenarios of a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from simulator.core.errors import UserError, near
from simulator.core.messages import language, say
from simulator.report.display import word
from simulator.scenario import load, scenarios_folder

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.scenario import Scenario

COLUMNS = ("scenario", "called", "form", "rules", "arms", "claims")
GROUP_COLUMNS = ("ages", "episodes_1000", "admissions_1000", "weight", "stay", "visit_bill")


def listing(folder: Path | None = None) -> "Table":
    """Every scenario below a folder, by default the packaged ones: title, form of the network and of the alliances,
    rules, arms, number of claims; for one that is not valid its first mistake.

    Raises UserError for a folder that is not there.
    """
    from rich.table import Table

    place = scenarios_folder() if folder is None else folder
    if not place.is_dir():
        beside = [p.name for p in place.parent.iterdir() if p.is_dir()] if place.parent.is_dir() else []
        raise UserError(say("list_no_folder", folder=place) + near(place.name, beside))
    made = Table(box=None, pad_edge=False)
    for column in COLUMNS:
        made.add_column(say(f"report.{column}"), justify="right" if column == "claims" else "left", overflow="fold")
    for file in scenario_files(place):
        name = str(file.relative_to(place))
        try:
            made.add_row(name, *_row(load(file)))
        except UserError as error:
            made.add_row(name, say("list_wrong", mistake=_without_file(error.all[0]), more=len(error.all) - 1))
    return made


def groups_table(scenario: "Scenario") -> "Table":
    """The case groups of a scenario: name, title, whom they befall, how often, and what a case is like."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in ("name", "called", *GROUP_COLUMNS):
        made.add_column(say(f"report.{column}"), justify="left" if column in ("name", "called", "ages") else "right")
    for each in scenario.illness.case_groups:
        often = (f"{each.episodes_per_1000_people:g}", f"{each.admissions_needed_per_1000_people:g}")
        case = (f"{each.relative_weight:g}", f"{each.stay_days_secondary:g}", f"{each.outpatient_bill_centre_yuan:g}")
        made.add_row(each.group, word("group", each.group), each.ages, *often, *case)
    return made


def scenario_files(folder: Path) -> list[Path]:
    """YAML files below a folder that begin a scenario: they say `format:` and are no studies of one."""
    files = []
    for file in sorted(folder.rglob("*.yaml")):
        keys = {line.partition(":")[0] for line in file.read_text(encoding="utf-8", errors="replace").splitlines()}
        if "format" in keys and "scenario" not in keys:
            files.append(file)
    return files


def _without_file(error: UserError) -> UserError:
    return UserError(error.message, None, error.line, error.column, error.path)


def _row(scenario: "Scenario") -> tuple[str, ...]:
    forms = [scenario.network.form]
    rules: list[str] = []
    for arm in scenario.arms:
        for state in scenario.states(arm):
            forms += [alliance.form for alliance in state.rules.alliances.values()]
            blocks = (*state.rules.payment.values(), *state.rules.settlements.values())
            rules += [type(block.rule).__module__.rpartition(".")[2] for block in blocks]
    return (
        getattr(scenario.title, language()),
        " · ".join(dict.fromkeys(forms)),
        ", ".join(dict.fromkeys(rules)),
        ", ".join(scenario.arms),
        str(len(scenario.claims)),
    )
