"""A validation as people read it: tables on the screen, and pages beside the tables on disk.

Pages are made from the tables, so that a part that was run on another day stands on them too.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.core.messages import in_each_language, language, say
from simulator.report.display import figure, unit_of, word
from simulator.scenario import load, scenarios_folder
from simulator.validation.claims import scenarios_with_claims
from simulator.validation.evidence import programmes
from simulator.validation.judge import VERDICTS
from simulator.validation.levels import targets
from simulator.validation.register import Experiment, register
from simulator.validation.robust import Sign, headlines
from simulator.validation.run import Validation
from simulator.validation.tables import made_of, rows_of, sections

if TYPE_CHECKING:
    from rich.table import Table

PAGES = {"en": "README.md", "zh": "README.zh.md"}
COLUMNS = {
    "levels": ("figure", "target", "tolerance", "simulated", "interval", "inside"),
    "history": ("experiment", "figure", "published", "simulated", "interval", "sign_agrees", "inside", "used_before"),
    "claims": ("scenario", "figure", "claimed", "simulated", "interval", "verdict"),
    "conditions": ("scenario", "figure", "claimed", "simulated", "nearest", "reached", "changes"),
    "robust": ("headline", "share", "sets", "turned_by"),
}
RIGHT = {"target", "tolerance", "published", "claimed", "simulated", "interval", "nearest", "share", "sets"}
FIRM = 0.95
"""A sign that holds in so much of the ensemble is firm."""
type Row = dict[str, str]


def tables(found: Validation, signs: Sequence[Sign]) -> "list[Table]":
    """A table for the screen of each part that was run."""
    from rich.table import Table

    made = []
    for name, rows in rows_of(found, signs).items():
        if not rows:
            continue
        table = Table(title=say(f"validation.{name}"), title_justify="left", box=None, pad_edge=False)
        for column in COLUMNS[name]:
            table.add_column(
                say(f"validation.{column}"), justify="right" if column in RIGHT else "left", overflow="fold"
            )
        for row in rows:
            table.add_row(*cells(name, row))
        made.append(table)
    return made


def cells(name: str, row: Row) -> list[str]:
    """A row of a table in words, in the order of its columns."""
    return list(
        {"levels": _level, "history": _told, "claims": _claim, "conditions": _condition, "robust": _sign}[name](row)
    )


def _level(row: Row) -> Iterator[str]:
    unit = "number" if row["name"] in _ratios() else _unit(row["indicator"])
    target = targets().targets.get(row["name"])
    over = "".join(f" ÷ {' '.join(_where(each.model_dump())) or '…'}" for each in (target.over[:1] if target else ()))
    yield f"{_named(row)}{over} ({row['at'].removeprefix('y')})"
    yield _figure(row["target"], unit)
    yield "± " + _figure(row["tolerance"], unit)
    yield _figure(row["simulated"], unit)
    yield _ends(row, unit)
    yield say(f"validation.{row['inside']}")


def _ratios() -> set[str]:
    """Targets that are figures over others."""
    return {name for name, each in targets().targets.items() if each.over}


def _told(row: Row) -> Iterator[str]:
    experiment = register()[row["id"]]
    prediction = experiment.predictions[row["measure"]]
    unit, signed = _form(row["change"], prediction.measure.indicator)
    yield getattr(experiment.title, language())
    yield _measure(experiment, row["measure"])
    yield _published(row, unit)
    yield _figure(row["simulated"], unit, signed)
    yield _ends(row, unit, signed)
    for name in ("sign_agrees", "inside", "used_before"):
        yield say(f"validation.{row[name]}") if row[name] else "–"


def _measure(experiment: Experiment, name: str) -> str:
    """The figure of a prediction in words."""
    prediction = experiment.predictions[name]
    measure = prediction.measure
    said = " ".join([word("indicator", measure.indicator), *_where(measure.model_dump())])
    if measure.times is not None:
        said += " " + say(
            "validation.without" if measure.rest else "validation.part", of=word("indicator", measure.times.indicator)
        )
    if measure.per is not None:
        said += " ÷ " + word("indicator", measure.per.indicator)
    if measure.total:
        said += " " + say("validation.total")
    if prediction.first is not None:
        said += f" ({prediction.first} – {prediction.last})"
    elif prediction.scenario is not None:
        said += f" ({prediction.scenario.rpartition('/')[2]})"
    return said


def _published(row: Row, unit: str) -> str:
    """The published number with its interval; its direction where only that is told."""
    arrow = say(f"validation.{row['direction']}")
    if row["kind"] == "sign" or not row["published"]:
        return arrow
    said = _figure(row["published"], unit, True)
    if row["published_low"]:
        said += f" ({_figure(row['published_low'], unit, True)} … {_figure(row['published_high'], unit, True)})"
    return said


def _form(change: str, indicator: str) -> tuple[str, bool]:
    """The unit of a change, and that it has a sign."""
    return ("share" if change == "relative" else _unit(indicator)), True


def _claim(row: Row) -> Iterator[str]:
    unit = "share" if row["form"] == "share" else _unit(row["indicator"])
    signed = row["form"] != "level"
    yield row["scenario"].rpartition("/")[2]
    yield _named(row)
    yield _figure(row["claimed"], unit, signed) + (
        f" … {_figure(row['claimed_to'], unit)}" if row["claimed_to"] else ""
    )
    yield _figure(row["simulated"], unit, signed)
    yield _ends(row, unit, signed)
    yield say(f"validation.{row['verdict']}") if row["verdict"] else "–"


def _condition(row: Row) -> Iterator[str]:
    unit = "share" if row["form"] == "share" else _unit(row["indicator"])
    signed = row["form"] != "level"
    yield row["scenario"].rpartition("/")[2]
    yield _named(row)
    for name in ("claimed", "simulated", "nearest"):
        yield _figure(row[name], unit, signed)
    yield say(f"validation.{row['reached']}")
    yield ", ".join(f"`{change}`" for change in row["changes"].split("; "))


def _sign(row: Row) -> Iterator[str]:
    yield getattr(headlines()[row["id"]].title, language())
    yield _figure(row["share"], "share")
    yield row["sets"]
    yield row["turned_by"] or "–"


def _named(row: Row) -> str:
    return " ".join([word("indicator", row["indicator"]), *_where(row)])


def _where(row: dict[str, str]) -> list[str]:
    return [word(kind, row[kind]) for kind in ("tier", "plan", "part") if row.get(kind)]


def _unit(indicator: str) -> str:
    return unit_of(indicator)


def _figure(text: str, unit: str, signed: bool = False) -> str:
    if not text:
        return "–"
    return figure(float(text), unit, signed=signed, mark=False) + (" %" if unit == "share" else "")


def _ends(row: Row, unit: str, signed: bool = False) -> str:
    if not row["low"]:
        return "–"
    return f"{_figure(row['low'], unit, signed)} … {_figure(row['high'], unit, signed)}"


def summary(rows: dict[str, list[Row]]) -> Iterator[str]:
    """How much of each part is right, plainly."""
    if levels := rows.get("levels"):
        yield say("validation.sum_levels", right=_count(levels, "inside"), of=len(levels))
    if history := rows.get("history"):
        for used, key in (("no", "validation.sum_history"), ("yes", "validation.sum_used")):
            here = [row for row in history if row["used_before"] == used]
            sizes = [row for row in here if row["inside"]]
            numbers = {"signs": _count(here, "sign_agrees"), "of_signs": len(here)}
            numbers |= {"sizes": _count(sizes, "inside"), "of_sizes": len(sizes), "overlap": _count(sizes, "overlap")}
            yield say(key, **numbers)
    if claims := rows.get("claims"):
        counted = {name: sum(row["verdict"] == name for row in claims) for name in VERDICTS}
        yield say("validation.sum_claims", of=len(claims), **counted)
    if signs := rows.get("robust"):
        yield say("validation.sum_robust", firm=sum(float(row["share"]) >= FIRM for row in signs), of=len(signs))


def _count(rows: Sequence[Row], column: str) -> int:
    return sum(row[column] == "yes" for row in rows)


def page(folder: Path) -> str:
    """The page in the language spoken now."""
    rows, by = dict(sections(folder)), made_of(folder)
    made = [f"# {say('validation.title')}", "", say("validation.generated"), "", say("validation.how"), ""]
    made += [f"- {line}" for line in summary(rows)] + [""]
    for name, lines in rows.items():
        made += [f"## {say(f'validation.{name}')}", "", say(f"validation.{name}_how"), ""]
        if name in by:
            made += [say("validation.made", **by[name] | {"families": f"{by[name]['families']:,}"}), ""]
        made += ["| " + " | ".join(say(f"validation.{column}") for column in COLUMNS[name]) + " |"]
        made += ["|" + "|".join("---:" if column in RIGHT else "---" for column in COLUMNS[name]) + "|"]
        made += ["| " + " | ".join(cells(name, row)) + " |" for row in lines] + [""]
        made += [*_beside(name)]
    return "\n".join(made).rstrip() + "\n"


def _beside(name: str) -> Iterator[str]:
    """What has to be known of a part: notes of the register, what is not run, and why; plausibility of claims."""
    if name == "history":
        for each in register().values():
            for key in ("used_before", "note"):
                if (text := getattr(each, key)) is not None:
                    yield f"- {getattr(each.title, language())}: {getattr(text, language())}"
        yield ""
        yield say("validation.absent")
        yield ""
        for each in register().values():
            if each.absent is not None:
                yield f"- {getattr(each.title, language())} (`{each.id}`): {getattr(each.absent, language())}"
        yield ""
    if name == "claims":
        yield say("validation.plausible")
        yield ""
        yield from plausibility()
        yield ""


def plausibility() -> Iterator[str]:
    """What statistics and studies say of the claims of the scenarios that have any, as the evidence has it."""
    for name in scenarios_with_claims():
        for code in load(scenarios_folder() / f"{name}.yaml").programme:
            if text := programmes()[code].get("plausibility"):
                yield f"- {name.rpartition('/')[2]}: {text}"


def write_pages(folder: Path) -> list[Path]:
    """Write the page in both languages; their paths. Raises OSError where nothing can be written."""
    files = []
    for spoken, text in in_each_language(lambda: page(folder)).items():
        file = folder / PAGES[spoken]
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return files
