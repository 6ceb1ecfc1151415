"""The register of programmes as people read it: the table on a terminal, and the page `docs/systems.md` and its twin.

``python -m simulator.report.systems_page`` writes the pages from the register, from `docs/systems.csv`, which
``tiercare systems --out docs`` makes, and from the reasons for what did not show in `docs/systems_reasons.yaml`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from simulator.core.fields import Both
from simulator.core.messages import in_each_language, language, say
from simulator.report.claims import POINTS, RELATIVE, claimed_of
from simulator.report.display import figure, span, unit_of, word
from simulator.report.problem_book import SHAPE
from simulator.scenario import load, scenarios_folder
from simulator.scenario.schema.reference import write
from simulator.study.paired import Paired
from simulator.systems import reasons
from simulator.systems.register import Mechanism, System, register
from simulator.systems.run import NO, OPPOSITE, TABLE, YES, Outcome, read_table
from simulator.systems.scenarios import CLAIM, MECHANISM

if TYPE_CHECKING:
    from rich.table import Table

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMAND = "python -m simulator.report.systems_page"
PAGES = {"en": "systems.md", "zh": "systems.zh.md"}
GROUPS = ("ORG", "S", "F", "W", "H", "E")
"""First letters of the names of rows, in the order of the page."""
COLUMNS = ("mechanism", "carried_by", "off", "measure", "without", "with", "difference", "minimum", "shown")
SIZE = ("20000", "10")
"""Families and replications at which the register is run; there every miss has a reason."""
RIGHT = ("without", "with", "difference", "minimum")


class Line(NamedTuple):
    """A line of systems.csv: what it is about, the difference, and whether it was shown."""

    kind: str
    code: str
    found: Paired
    shown: str
    families: str
    replications: str


def lines(folder: Path = DOCS) -> dict[str, list[Line]]:
    """What the table in a folder says, by row of the register."""
    made: dict[str, list[Line]] = {}
    for row in read_table(folder / TABLE):
        values = (row[name] for name in ("without", "with", "difference", "low", "high"))
        found = Paired(*(float(text) if text else math.nan for text in values))
        line = Line(row["kind"], row["code"], found, row["shown"], row["families"], row["replications"])
        made.setdefault(row["system"], []).append(line)
    return made


def measure_of(mechanism: Mechanism) -> str:
    """The figure by which a mechanism is told, in words."""
    assert mechanism.measure
    indicator, *where = mechanism.measure.series
    named = (word(kind, name) for kind, name in zip(SHAPE, where, strict=True) if name)
    return " ".join([word("indicator", indicator), *named])


def cells(mechanism: Mechanism, found: Paired | None, shown: str) -> list[str]:
    """Figure, without, with, difference with its interval, smallest change that matters, whether it was shown."""
    assert mechanism.measure
    assert mechanism.minimum
    unit = unit_of(mechanism.measure.indicator)
    least = figure(mechanism.sign * mechanism.minimum.value, unit, signed=True, mark=False)
    if found is None:
        return [measure_of(mechanism), "–", "–", "–", least, "–"]
    return [
        measure_of(mechanism),
        figure(found.without, unit),
        figure(found.with_it, unit),
        moved(found, unit),
        least,
        say(f"systems.shown_{shown}") if shown else "–",
    ]


def moved(found: Paired, unit: str, per: float = 1.0) -> str:
    """A difference with its interval; of ``per``, where it is relative to a level."""
    if math.isnan(found.difference) or not per:
        return "–"
    value, low, high = (each / per for each in (found.difference, found.low, found.high))
    ends = span(low, high, unit)
    return figure(value, unit, signed=True, mark=False) + (f" ({ends})" if ends else "")


def systems_table(outcomes: Iterable[Outcome]) -> "Table":
    """All mechanisms of the outcomes, one line each."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in ("system", "mechanism", *COLUMNS[3:]):
        made.add_column(say(f"systems.{column}"), justify="right" if column in RIGHT else "left", overflow="fold")
    for outcome in outcomes:
        found = {each.comparison.code: each for each in outcome.found if each.comparison.kind == MECHANISM}
        for code, each in outcome.system.carried.items():
            one = found.get(code)
            texts = cells(each, one.difference, one.shown(each)) if one else cells(each, None, "")
            made.add_row(outcome.system.number, code, *texts)
    return made


def counted(outcomes: Sequence[Outcome]) -> str:
    """How many mechanisms were shown, of how many that were run."""
    shown = Counter(
        each.shown(outcome.system.mechanisms[each.comparison.code])
        for outcome in outcomes
        for each in outcome.found
        if each.comparison.kind == MECHANISM
    )
    return say("systems.counted", run=shown.total(), yes=shown[YES], opposite=shown[OPPOSITE], no=shown[NO])


def shown_of(known: dict[str, list[Line]]) -> set[tuple[str, str]]:
    """Rows and mechanisms that the table says were shown."""
    found = ((system, line) for system, each in known.items() for line in each)
    return {(system, line.code) for system, line in found if line.kind == MECHANISM and line.shown == YES}


def unexplained(known: dict[str, list[Line]], why: reasons.Reasons) -> list[str]:
    """Mechanisms that did not show at the size of the register, and of which nothing says why, as `S02 MULTI_KPI`."""
    rows = register()
    return [
        f"{rows[system].number} {line.code}"
        for system, each in known.items()
        for line in each
        if line.kind == MECHANISM and line.shown != YES and (line.families, line.replications) == SIZE
        if (system, line.code) not in why
    ]


def page(known: dict[str, list[Line]], why: reasons.Reasons | None = None) -> str:
    """The page in the language spoken now; ``why`` are the reasons for what did not show."""
    why = why or {}
    made = [f"# {say('systems.title')}", "", say("systems.generated", command=COMMAND), "", say("systems.intro"), ""]
    made += [*_summary(known), ""]
    if names := unexplained(known, why):
        made += [say("systems.unexplained", names=", ".join(names)), ""]
    for group in GROUPS:
        made += [f"## {say(f'systems.group_{group}')}", ""]
        for system in register().values():
            if system.number.rstrip("0123456789") == group:
                made += [*_row(system, known.get(system.id, []), _of(system, why)), ""]
    return "\n".join(made).rstrip() + "\n"


def _summary(known: dict[str, list[Line]]) -> Iterator[str]:
    rows = register()
    carried = sum(len(each.carried) for each in rows.values())
    absent = sum(len(each.mechanisms) - len(each.carried) for each in rows.values())
    told = [each for each in rows.values() if not each.is_run]
    yield say("systems.counts", rows=len(rows), run=len(rows) - len(told), carried=carried, absent=absent)
    found = [line for each in known.values() for line in each if line.kind == MECHANISM]
    shown = Counter(line.shown for line in found)
    yield ""
    yield say("systems.counted", run=len(found), yes=shown[YES], opposite=shown[OPPOSITE], no=shown[NO])
    sizes = sorted({(int(line.families), int(line.replications)) for line in found})
    for families, pairs in sizes:
        yield say("systems.size", families=f"{families:,}", pairs=pairs)


def _of(system: System, why: reasons.Reasons) -> dict[str, Both]:
    """The reasons of a row by mechanism."""
    return {code: text for (row, code), text in why.items() if row == system.id}


def _row(system: System, found: Sequence[Line], why: dict[str, Both]) -> Iterator[str]:
    title = getattr(system.title, language())
    yield f"### {system.number} {title}"
    yield ""
    if system.absent is not None:
        yield say("systems.no_simulation", why=getattr(system.absent, language()))
        return
    yield say("systems.run_by", file=f"[{system.file}.yaml](../scenarios/{system.file}.yaml)", arm=system.arm)
    yield ""
    by_code = {line.code: line for line in found if line.kind == MECHANISM}
    if system.carried:
        yield "| " + " | ".join(say(f"systems.{column}") for column in COLUMNS) + " |"
        yield "|" + "|".join("---:" if column in RIGHT else "---" for column in COLUMNS) + "|"
        for code, each in system.carried.items():
            line = by_code.get(code)
            texts = cells(each, line.found if line else None, line.shown if line else "")
            if code in why:
                texts[-1] += say("systems.because", why=getattr(why[code], language()))
            carriers = ", ".join(f"`{path}`" for path in each.carried_by)
            yield "| " + " | ".join([code, carriers, switched_off(each), *texts]) + " |"
    for code, each in system.mechanisms.items():
        if each.absent is not None:
            yield ""
            yield say("systems.not_carried", code=code, why=getattr(each.absent, language()))
    claims = [*_claims(system, {line.code: line.found for line in found if line.kind == CLAIM})]
    if claims:
        yield ""
        yield "| " + " | ".join(say(f"systems.{column}") for column in ("claim", "claimed", "came_out")) + " |"
        yield "|---|---:|---:|"
        yield from claims


def switched_off(mechanism: Mechanism) -> str:
    """What switches a mechanism off, as it would be written."""
    if mechanism.off_arm:
        return say("systems.off_arm", arm=mechanism.off_arm)
    patch = mechanism.off or mechanism.off_in_place
    text = yaml.safe_dump(patch, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000).strip()
    text = text.removeprefix("{").removesuffix("}").replace("'", "")
    return f"`{text}`"


def _claims(system: System, found: dict[str, Paired]) -> Iterator[str]:
    """What the programme says of itself in the arm, beside what came of it against no programme."""
    for number, claim in enumerate(_reported(system.file or ""), 1):
        if claim.arm != system.arm:
            continue
        of = [word(kind, getattr(claim, kind, None) or "") for kind in SHAPE if getattr(claim, kind, None)]
        name = " ".join([word("indicator", claim.indicator), *of])
        said = " … ".join(f"{figure(f.mean, f.unit, signed=f.signed, mark=False)}{f.mark}" for f in claimed_of(claim))
        yield f"| {name} | {said} | {_came_out(claim, found.get(str(number)))} |"


@cache
def _reported(file: str) -> tuple[Any, ...]:
    """The claims of a scenario."""
    return load(scenarios_folder() / f"{file}.yaml").claims


def _came_out(claim: Any, found: Paired | None) -> str:
    """The figure in the form of the claim: a level of the arm, or the change that the programme made."""
    if found is None or math.isnan(found.with_it):
        return "–"
    unit = unit_of(claim.indicator)
    if claim.change is None:
        return figure(found.with_it, unit)
    kind = claim.change[1]
    if kind == RELATIVE:
        return moved(found, "share", found.without) + " %"
    return moved(found, unit) + (" pp" if kind == POINTS else "")


def pages(folder: Path = DOCS) -> dict[Path, str]:
    """Every page as it should stand, by its file."""
    known = lines(folder)
    why = reasons.read_reasons(folder / reasons.FILE, register(), shown_of(known))
    return {folder / PAGES[spoken]: text for spoken, text in in_each_language(lambda: page(known, why)).items()}


if __name__ == "__main__":
    write(pages())
