"""The tables of a validation on disk: levels.csv, history.csv, claims.csv, conditions.csv, robust.csv, channels.csv,
recovery.csv."""

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.calibrate.recovery import Recovery
from simulator.study.ensemble import ONE
from simulator.study.manifest import made_with, now
from simulator.validation.channels import ByChannels
from simulator.validation.claims import Answer
from simulator.validation.conditions import Condition, searched
from simulator.validation.history import Told
from simulator.validation.levels import Level
from simulator.validation.robust import Sign
from simulator.validation.run import Validation

LEVELS = (
    "indicator", "tier", "target", "tolerance", "simulated", "low", "high", "inside",
    "name", "at", "plan", "part", "year", "evidence",
)  # fmt: skip
HISTORY = (
    "id", "measure", "published", "published_low", "published_high", "simulated", "low", "high", "sign_agrees",
    "inside", "used_before", "kind", "direction", "change", "overlap", "foreign",
)  # fmt: skip
CLAIMS = (
    "scenario", "indicator", "claimed", "simulated", "low", "high", "verdict", "claimed_to", "arm", "tier", "plan",
    "form",
)  # fmt: skip
CONDITIONS = (
    "scenario", "indicator", "tier", "plan", "arm", "form", "claimed", "simulated", "nearest", "reached", "changes",
)  # fmt: skip
ROBUST = ("id", "share", "sets", "mean", "direction", "turned_by")
CHANNELS = ("id", "channel", "adds", "adds_low", "adds_high", "carries", "carries_low", "carries_high", "level")
RECOVERY = ("trial", "parameter", "hidden", "low", "high", "held")
MADE = "made.json"
TABLES = {
    "levels": LEVELS, "history": HISTORY, "claims": CLAIMS, "conditions": CONDITIONS, "robust": ROBUST,
    "channels": CHANNELS, "recovery": RECOVERY,
}  # fmt: skip
"""Columns; figures in the unit of the indicator, changes as a share or in points as the published one."""


NOTHING = (math.nan,) * 3
NONE, WHOLE = "none", "whole"
"""In the place of a channel: what is left of a difference without any, and all of it."""


def rows_of(found: Validation) -> dict[str, list[dict[str, str]]]:
    """The rows of each table, none of a part that was not run."""
    return {
        "levels": [_level(each) for each in found.levels],
        "history": [_told(each) for each in found.history],
        "claims": [_answer(each) for each in found.claims],
        "conditions": [_condition(each) for each in found.conditions],
        "robust": [_sign(each) for each in found.signs],
        "channels": [row for each in found.channels for row in _channels(each)],
        "recovery": list(_recovered(found.recovery)) if found.recovery else [],
    }


def write_tables(found: Validation, folder: Path, command: str, parameters: str = ONE) -> list[Path]:
    """Write the tables of the parts that were run, and what made them; their paths. Others that are there stay.

    Args:
        found: what came of the parts.
        folder: where to.
        command: what was asked for.
        parameters: the name of the ensemble, or that of the one set.

    Raises:
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = rows_of(found)
    there = [name for name in TABLES if rows[name]]
    made = {name: _made(*_size_of(name, found), command, ONE if name == "recovery" else parameters) for name in there}
    file = folder / MADE
    file.write_text(json.dumps(made_of(folder) | made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [_write(folder / f"{name}.csv", TABLES[name], rows[name]) for name in there]


def made_of(folder: Path) -> dict[str, dict[str, Any]]:
    """What made the tables of a folder, by their names: command, commit, date, families, replications."""
    file = folder / MADE
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _size_of(name: str, found: Validation) -> tuple[int, int]:
    """Families and replications of the runs behind a table."""
    if name == "recovery" and found.recovery:
        return found.recovery.families, found.recovery.runs
    size = searched(found.size) if name == "conditions" else found.size
    return size.families, found.signs[0].sets if name == "robust" else size.replications


def _made(families: int, replications: int, command: str, parameters: str) -> dict[str, Any]:
    with_it = made_with()
    return {
        "command": command,
        "commit": (with_it["commit"] or "")[:12] + ("+" if with_it.get("dirty") else ""),
        "date": f"{now():%Y-%m-%d}",
        "families": families,
        "replications": replications,
        "parameters": parameters,
    }


def _write(file: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Path:
    half = file.with_suffix(".half")
    with half.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    half.replace(file)
    return file


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a table; none where there is no such file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _level(each: Level) -> dict[str, str]:
    target = each.target
    words = {"name": each.name, "at": target.at, "year": str(target.year), "evidence": target.evidence}
    where = {"indicator": target.indicator, "tier": target.tier, "plan": target.plan, "part": target.part}
    return {
        **{key: value or "" for key, value in where.items()},
        **words,
        "target": number(target.level),
        "tolerance": number(target.tolerance),
        **_interval(each.found),
        "inside": yes(each.inside),
    }


def _told(each: Told) -> dict[str, str]:
    published, prediction = each.published, each.prediction
    return {
        "id": each.experiment.id,
        "measure": each.name,
        "published": number(published.value),
        "published_low": number(published.low),
        "published_high": number(published.high),
        **_interval(each.found),
        "sign_agrees": yes(each.sign_agrees),
        "inside": yes(each.inside),
        "used_before": yes(each.experiment.used_before is not None),
        "kind": prediction.kind,
        "direction": each.direction,
        "change": prediction.change,
        "overlap": yes(each.overlap),
        "foreign": yes(each.experiment.foreign),
    }


def _answer(each: Answer) -> dict[str, str]:
    low, high = each.ends
    return {
        "scenario": each.scenario,
        "indicator": each.claim.indicator,
        "claimed": number(low),
        "claimed_to": number(high) if high != low else "",
        **_interval(each.found),
        "verdict": each.verdict,
        "arm": each.claim.arm,
        "tier": each.claim.tier or "",
        "plan": each.claim.plan or "",
        "form": each.claim.change[1] if each.claim.change else "level",
    }


def _condition(each: Condition) -> dict[str, str]:
    answer = each.answer
    return {
        "scenario": answer.scenario,
        "indicator": answer.claim.indicator,
        "tier": answer.claim.tier or "",
        "plan": answer.claim.plan or "",
        "arm": answer.claim.arm,
        "form": answer.claim.change[1] if answer.claim.change else "level",
        "claimed": number(answer.ends[0]),
        "simulated": number(answer.found[0]),
        "nearest": number(each.nearest.found[0]),
        "reached": yes(each.reached),
        "changes": "; ".join(each.changes),
    }


def _sign(each: Sign) -> dict[str, str]:
    return {
        "id": each.name,
        "share": number(each.share),
        "sets": str(each.sets),
        "mean": number(each.mean),
        "direction": each.headline.direction,
        "turned_by": ", ".join(f"{name} ({far:+.1f})" for name, far in each.turned_by),
    }


def _channels(each: ByChannels) -> Iterator[dict[str, str]]:
    """A row for each channel, for what is left without any, and for the whole difference."""
    for name, adds, carries in (
        *((one.channel, one.adds, one.carries) for one in each.parts),
        (NONE, each.none, NOTHING),
        (WHOLE, each.difference, NOTHING),
    ):
        ends = zip(CHANNELS[2:8], map(number, (*adds, *carries)), strict=True)
        yield {"id": each.headline, "channel": name, **dict(ends), "level": number(each.level)}


def _recovered(found: Recovery) -> Iterator[dict[str, str]]:
    """A row for each trial and parameter."""
    for trial, held in enumerate(found.held):
        for n, name in enumerate(found.names):
            values = map(number, (found.hidden[trial, n], found.low[trial, n], found.high[trial, n]))
            yield {"trial": str(trial), "parameter": name, **dict(zip(RECOVERY[2:5], values, strict=True)),
                   "held": yes(bool(held[n]))}  # fmt: skip


def _interval(found: tuple[float, float, float]) -> dict[str, str]:
    return dict(zip(("simulated", "low", "high"), map(number, found), strict=True))


def number(value: float) -> str:
    """A figure, empty where there is none."""
    return "" if math.isnan(value) else f"{value:.6g}"


def yes(value: bool | None) -> str:
    """yes, no, or empty."""
    return "" if value is None else "yes" if value else "no"


def sections(folder: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The tables that a folder has, by name."""
    for name in TABLES:
        rows = read_rows(folder / f"{name}.csv")
        if rows:
            yield name, rows
