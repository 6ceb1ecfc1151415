"""``tiercare list``: the scenarios of a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simulator.core.errors import UserError, near
from simulator.core.messages import LANGUAGES, catalogue, language, say
from simulator.report.display import word
from simulator.report.programme import in_use
from simulator.scenario import load, scenarios_folder
from simulator.services.services import SERVICES
from simulator.systems.register import register

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.scenario import Scenario

COLUMNS = ("scenario", "called", "form", "rules", "services", "arms", "claims")
GROUP_COLUMNS = ("ages", "episodes_1000", "admissions_1000", "weight", "stay", "visit_bill")


class Wanted(NamedTuple):
    """Which scenarios to list: those that use a rule, a service or a mechanism of the register; those of a form of
    network or alliance; those whose texts, in either language, or rows of the register hold a word."""

    mechanism: str | None = None
    form: str | None = None
    text: str | None = None

    @property
    def any(self) -> bool:
        """Whether all are wanted."""
        return self == Wanted()


def listing(folder: Path | None = None, wanted: Wanted | None = None) -> "Table":
    """Every scenario below a folder, by default the packaged ones: title, form of the network and of the alliances,
    rules and services, arms, number of claims; for one that is not valid its first mistake, if all are wanted.

    Raises UserError for a folder that is not there, and where no scenario is as wanted.
    """
    from rich.table import Table

    wanted = wanted or Wanted()
    place = scenarios_folder() if folder is None else folder
    if not place.is_dir():
        beside = [p.name for p in place.parent.iterdir() if p.is_dir()] if place.parent.is_dir() else []
        raise UserError(say("list_no_folder", folder=place) + near(place.name, beside))
    made = Table(box=None, pad_edge=False)
    for column in COLUMNS:
        made.add_column(say(f"report.{column}"), justify="right" if column == "claims" else "left", overflow="fold")
    words: dict[str, set[str]] = {name: set() for name in Wanted._fields}
    for file in scenario_files(place):
        name = str(file.relative_to(place))
        try:
            scenario = load(file)
        except UserError as error:
            if wanted.any:
                made.add_row(name, say("list_wrong", mistake=_without_file(error.all[0]), more=len(error.all) - 1))
            continue
        said = _said(scenario, name.removesuffix(".yaml"))
        for key, texts in said._asdict().items():
            words[key] |= texts
        if all(_holds(texts, word) for texts, word in zip(said, wanted, strict=True)):
            made.add_row(name, *_row(scenario))
    if not made.row_count and not wanted.any:
        missed = next(key for key in Wanted._fields if getattr(wanted, key))
        text = say("list_none", option=f"--{missed}", word=getattr(wanted, missed))
        raise UserError(text + near(getattr(wanted, missed), sorted(words[missed]) if missed != "text" else ()))
    return made


class Said(NamedTuple):
    """What a scenario can be found by."""

    mechanism: set[str]
    form: set[str]
    text: set[str]


def _said(scenario: "Scenario", name: str) -> Said:
    forms, rules, services = _used(scenario)
    rows = [system for system in register().values() if system.file == name]
    codes = {code for system in rows for code in system.mechanisms}
    named = {text for rule in rules for text in _names(f"rule_name.{rule}")}
    called = {text for form in forms for text in _names(f"form.{form}")}
    about = {SERVICES[service].head for service in services}
    texts = {text for each in (scenario.title, scenario.description) for text in (each.en, each.zh)}
    texts |= {text for system in rows for text in (system.id, system.title.en, system.title.zh)}
    texts |= {text for arm in scenario.reforms.values() for text in (arm.title.en, arm.title.zh)}
    return Said({*rules, *services, *codes, *named, *about}, {*forms, *called}, {name, *texts})


def _holds(texts: set[str], word: str | None) -> bool:
    return word is None or any(word.casefold() in text.casefold() for text in texts)


def _names(key: str) -> list[str]:
    """What something is called in each language."""
    return [catalogue(each)[key] for each in LANGUAGES if key in catalogue(each)]


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


def _used(scenario: "Scenario") -> tuple[list[str], list[str], list[str]]:
    """Forms of the network and of alliances, rules of payment, and services that some arm has at some time."""
    forms: list[str] = [scenario.network.form]
    rules: list[str] = []
    services: list[str] = []
    for arm in scenario.arms:
        for state in scenario.states(arm):
            forms += [alliance.form for alliance in state.rules.alliances.values()]
            blocks = (*state.rules.payment.values(), *state.rules.settlements.values())
            rules += [type(block.rule).__module__.rpartition(".")[2] for block in blocks]
            services += in_use(state.rules)
    return list(dict.fromkeys(forms)), list(dict.fromkeys(rules)), list(dict.fromkeys(services))


def _row(scenario: "Scenario") -> tuple[str, ...]:
    forms, rules, services = _used(scenario)
    return (
        getattr(scenario.title, language()),
        " · ".join(forms),
        ", ".join(rules),
        ", ".join(services),
        ", ".join(scenario.arms),
        str(len(scenario.claims)),
    )
