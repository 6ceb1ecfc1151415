"""The problem book as people read it: the table on a terminal, and the pages `docs/problems.md` and its Chinese twin.

``python -m simulator.report.problem_book`` writes the pages from the register and from `docs/problems.csv` (and
`docs/carriers.csv`), which ``tiercare problems --carriers --out docs`` makes.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simulator.core.messages import in_each_language, language, say
from simulator.problems.book import Problem, book
from simulator.problems.run import CARRIERS_TABLE, SETS_TABLE, TABLE, Outcome
from simulator.report.display import figure, span, unit_of, word
from simulator.scenario.schema.reference import write

if TYPE_CHECKING:
    from rich.table import Table

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMAND = "python -m simulator.report.problem_book"
PAGES = {"en": "problems.md", "zh": "problems.zh.md"}
SHAPE = ("tier", "plan", "part", "alliance")
FIGURES = ("without_cure", "with_cure", "difference", "low", "high")
RUN = ("problem", "measure", "without_cure", "with_cure", "difference", "minimum", "shown")


class Line(NamedTuple):
    """What is known of a problem: the columns of problems.csv, not a number where they are empty."""

    problem: Problem
    without_cure: float = math.nan
    with_cure: float = math.nan
    difference: float = math.nan
    low: float = math.nan
    high: float = math.nan
    shown: str = ""
    vanished: str = ""
    replications: str = ""  # of the runs without the carrier
    appears: float = math.nan  # share of parameter sets
    yields: float = math.nan
    sets: str = ""

    @classmethod
    def of(cls, outcome: Outcome) -> "Line":
        """From an outcome just run."""
        found = outcome.found
        figures = (found.without, found.with_it, found.difference, found.low, found.high) if found else ()
        made = cls(outcome.problem, *figures)._replace(shown=_yes(outcome.shown), vanished=_yes(outcome.vanished))
        if outcome.shares is None:
            return made
        appears, yields = outcome.shares
        return made._replace(appears=appears, yields=yields, sets=str(outcome.replications))


def _yes(answer: bool | None) -> str:
    return "" if answer is None else "yes" if answer else "no"


def measure_of(problem: Problem) -> str:
    """The figure by which a problem is told, in words."""
    if problem.measure is None:
        return ""
    indicator, *where = problem.measure.series
    words = [word("indicator", indicator), *(word(k, name) for k, name in zip(SHAPE, where, strict=True) if name)]
    return " ".join(words)


def cells(line: Line) -> list[str]:
    """A problem as texts: number and title, measure, figures, smallest difference that matters, whether shown."""
    problem = line.problem
    name = f"{number(problem)} {getattr(problem.title, language())}"
    if problem.measure is None or problem.minimum is None:
        return [name, *[""] * 5, say(f"problems.{problem.kind}")]
    unit = unit_of(problem.measure.indicator)
    size = line.without_cure
    found = figure(line.difference, unit, like=_finer(line), signed=True, mark=False)
    ends = span(line.low, line.high, unit)
    least = figure(problem.sign * problem.minimum.value, unit, signed=True, mark=False)
    return [
        name,
        measure_of(problem),
        figure(size, unit),
        figure(line.with_cure, unit),
        f"{found} ({ends})" if ends else found,
        least,
        in_sets(line) or (say(f"problems.shown_{line.shown}") if line.shown else "–"),
    ]


def in_sets(line: Line) -> str:
    """In how much of the parameter sets it appears and yields; empty where all runs had the same."""
    if not line.sets:
        return ""
    return f"{line.appears:.0%} / {line.yields:.0%}"


def _finer(line: Line) -> float:
    """A size that lets a difference be written as finely as its interval is wide."""
    return abs(line.difference) if not math.isnan(line.difference) else math.nan


def number(problem: Problem) -> str:
    """Its number in the evidence, such as P01."""
    return problem.id.partition("_")[0]


def problems_table(outcomes: Iterable[Outcome]) -> "Table":
    """All outcomes, one line each."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in RUN:
        figures = column in ("without_cure", "with_cure", "difference", "minimum")
        made.add_column(say(f"problems.{column}"), justify="right" if figures else "left", overflow="fold")
    for outcome in outcomes:
        made.add_row(*cells(Line.of(outcome)))
    return made


def carriers_said(outcomes: Iterable[Outcome]) -> str:
    """How many behavioural problems vanish without their carrier, and which do not; empty where none was tried."""
    tried = [each for each in outcomes if each.vanished is not None]
    if not tried:
        return ""
    left = ", ".join(number(each.problem) for each in tried if not each.vanished) or "–"
    return say("problems.carriers", gone=sum(bool(each.vanished) for each in tried), tried=len(tried), left=left)


def counted(outcomes: Sequence[Outcome]) -> str:
    """How many were shown, of how many that were run, and how many of these are behavioural."""
    run = [each for each in outcomes if each.found]
    shown = [each for each in run if each.shown]
    behavioural = sum(each.problem.kind == "behavioural" for each in shown)
    return say("problems.counted", shown=len(shown), run=len(run), behavioural=behavioural)


def lines(folder: Path = DOCS) -> list[Line]:
    """What the tables in a folder say of every problem of the book."""
    figures, carried, in_all = (_read(folder / name) for name in (TABLE, CARRIERS_TABLE, SETS_TABLE))
    made = []
    for name, problem in book().items():
        row = figures.get(name, {})
        without, cured, found, low, high = (_number(row.get(column, "")) for column in FIGURES)
        left = carried.get(name, {})
        shown, vanished, count = row.get("shown", ""), left.get("vanished", ""), left.get("replications", "")
        line = Line(problem, without, cured, found, low, high, shown, vanished, count)
        if each := in_all.get(name):
            line = line._replace(appears=float(each["appears"]), yields=float(each["yields"]), sets=each["sets"])
        made.append(line)
    return made


def _read(file: Path) -> dict[str, dict[str, str]]:
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as text:
        return {row["id"]: row for row in csv.DictReader(text)}


def _number(text: str) -> float:
    return float(text) if text else math.nan


def page(known: Sequence[Line]) -> str:
    """The page in the language spoken now."""
    made = [f"# {say('problems.title')}", "", say("problems.generated", command=COMMAND), "", say("problems.intro"), ""]
    if counts := sorted({int(line.sets) for line in known if line.sets}):
        made += [say("problems.about_sets", count=", ".join(map(str, counts))), ""]
    for name, belongs in SECTIONS.items():
        rows = [line for line in known if belongs(line)]
        if rows:
            made += [f"## {say(f'problems.section_{name}')}", "", say(f"problems.about_{name}"), ""]
            tried = sorted({int(line.replications) for line in rows if line.replications})
            if tried:
                made += [say("problems.tried_without", count=", ".join(map(str, tried))), ""]
            made += [*(_measured(rows) if rows[0].problem.is_run else _reasons(rows)), ""]
    return "\n".join(made).rstrip() + "\n"


def _is(kind: str, *shown: str) -> Callable[[Line], bool]:
    return lambda line: line.problem.kind == kind and (not shown or line.shown in shown)


SECTIONS: dict[str, Callable[[Line], bool]] = {
    "behavioural": _is("behavioural", "yes"),
    "mechanical": _is("mechanical", "yes"),
    "missed": lambda line: line.problem.is_run and line.shown == "no",
    "untried": lambda line: line.problem.is_run and not line.shown,
    "waiting": _is("waiting"),
    "not_shown": _is("not_shown"),
}
"""Sections of the page, in order, and which problems belong to each."""


def _measured(rows: Sequence[Line]) -> Iterator[str]:
    columns = [*RUN[:-1], "in_sets", "vanishes_with"]
    yield "| " + " | ".join(say(f"problems.{column}") for column in columns) + " |"
    yield "|---|---|---:|---:|---:|---:|---|---|"
    for line in rows:
        carrier = line.problem.vanishes_with
        said = say(f"problems.carrier_{carrier}") if carrier else ""
        if line.vanished:
            said += say(f"problems.vanished_{line.vanished}")
        yield "| " + " | ".join([*cells(line)[:-1], in_sets(line), said]) + " |"
    yield ""
    for line in rows:
        text = getattr(line.problem.description, language())
        if line.problem.revised:
            text += f" *{say('problems.revised', text=getattr(line.problem.revised, language()))}*"
        yield f"- **{number(line.problem)}** {text}"


def _reasons(rows: Sequence[Line]) -> Iterator[str]:
    for line in rows:
        problem = line.problem
        assert problem.reason
        texts = [getattr(text, language()) for text in (problem.title, problem.description, problem.reason)]
        yield f"- **{number(problem)} {texts[0]}**: {texts[1]} {texts[2]}"


def pages(folder: Path = DOCS) -> dict[Path, str]:
    """Every page as it should stand, by its file."""
    known = lines(folder)
    return {folder / PAGES[spoken]: text for spoken, text in in_each_language(lambda: page(known)).items()}


if __name__ == "__main__":
    write(pages())
