"""What a calibration leaves in its folder: the ensemble, and tables from which its page is written."""

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simulator.calibrate.read import Calibration
from simulator.calibrate.runs import texts
from simulator.calibrate.waves import Calibrated, Problem
from simulator.scenario.language.strict_yaml import written
from simulator.study.manifest import made_with, now

ENSEMBLE, ABOUT = "ensemble.csv", "about.yaml"
PARAMETERS, TARGETS, WAVES, TIES = "parameters.csv", "targets.csv", "waves.csv", "ties.csv"
WEIGHT = "weight"
MIDDLE = (2.5, 97.5)
"""Ends of the middle 95 % of sets, in per cent."""
INFORMED = 3
"""Targets that a parameter is said to be informed by."""
TIED = 0.4
"""Correlation from which two parameters are said to be tied."""


def write(folder: Path, calibration: Calibration, problem: Problem, found: Calibrated, command: Sequence[str]) -> None:
    """Write everything. ``command`` is what the user typed."""
    _ensemble(folder / ENSEMBLE, calibration, found)
    _table(folder / PARAMETERS, _parameters(calibration, problem, found))
    _table(folder / TARGETS, _targets(calibration, problem, found))
    _table(folder / WAVES, _waves(found))
    _table(folder / TIES, _ties(problem, found))
    (folder / ABOUT).write_text(written(_about(calibration, found, command)), encoding="utf-8")


def _ensemble(file: Path, calibration: Calibration, found: Calibrated) -> None:
    """The sets: their weight, and a column for each path of the scenario."""
    spec = calibration.specification
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow([WEIGHT, *(spec.path(name) for name in spec.parameters)])
        for row in texts(spec.parameters, found.sets):
            table.writerow([f"{1 / len(found.sets):.8g}", *row.values()])


def _parameters(calibration: Calibration, problem: Problem, found: Calibrated) -> Iterable[dict[str, Any]]:
    """A row for each parameter: prior, posterior, shrinkage, and which targets inform it."""
    spec, priors = calibration.specification, problem.priors
    values, prior = priors.values(found.posterior.points), priors.spread()
    posterior = found.posterior.points.std(axis=0)
    strength = (found.screened.strength / np.sqrt(problem.targets.variance)) ** 2
    for n, (name, free) in enumerate(spec.parameters.items()):
        low, high = np.percentile(values[:, n], MIDDLE)
        best = [t for t in np.argsort(-strength[n])[:INFORMED] if strength[n, t] > 1]
        yield {
            "name": name, "path": spec.path(name), "at": " ".join(free.at), "low": free.ends[0], "high": free.ends[1],
            "unit": free.unit.strip(), "shape": free.shape, "source": free.source, "before": calibration.now(name),
            "mean": values[:, n].mean(), "posterior_low": low, "posterior_high": high,
            "shrinkage": 1 - posterior[n] / prior[n],
            "informed_by": " ".join(problem.targets.names[t] for t in best),
        }  # fmt: skip


def _targets(calibration: Calibration, problem: Problem, found: Calibrated) -> Iterable[dict[str, Any]]:
    """A row for each target: what was measured, what the emulators and the runs of the posterior have."""
    spec, last = calibration.specification, found.waves[-1]
    for n, (name, aim) in enumerate(spec.targets.items()):
        emulated, checked = found.emulated[:, n], found.checked[:, n]
        checked = checked[np.isfinite(checked)]
        mean = float(checked.mean()) if len(checked) else math.nan
        low, high = np.percentile(checked, MIDDLE) if len(checked) else (math.nan, math.nan)
        yield {
            "name": name, "at": aim.at, "indicator": aim.indicator, "tier": aim.tier, "plan": aim.plan,
            "part": aim.part, "elasticity": aim.elasticity.arm if aim.elasticity else "", "ratio": bool(aim.over),
            "year": aim.year, "level": aim.level, "tolerance": aim.tolerance, "discrepancy": aim.discrepancy,
            "evidence": aim.evidence, "emulated": emulated.mean(), "checked": mean, "checked_low": low,
            "checked_high": high, "inside": bool(abs(mean - aim.level) <= aim.tolerance),
            "told": last.diagnostics[n].told, "beyond": last.diagnostics[n].beyond,
            "noise": math.sqrt(found.emulators.each[n].noise), "note": aim.note,
        }  # fmt: skip


def _waves(found: Calibrated) -> Iterable[dict[str, Any]]:
    for number, wave in enumerate(found.waves, 1):
        yield {
            "wave": number, "runs": wave.runs, "retained": wave.retained.share, "reached": wave.retained.reached,
            "told": float(np.median([each.told for each in wave.diagnostics])),
            "usable": sum(each.good for each in wave.diagnostics), "of": len(wave.diagnostics),
        }  # fmt: skip


def _ties(problem: Problem, found: Calibrated) -> Iterable[dict[str, Any]]:
    """Pairs of parameters that are tied in the posterior, the closest first."""
    ties = np.corrcoef(found.posterior.points.T)
    pairs = [(a, b) for a in range(len(ties)) for b in range(a) if abs(ties[a, b]) >= TIED]
    for a, b in sorted(pairs, key=lambda pair: -abs(ties[pair])):
        yield {"one": problem.priors.names[b], "other": problem.priors.names[a], "correlation": ties[a, b]}


def _about(calibration: Calibration, found: Calibrated, command: Sequence[str]) -> dict[str, Any]:
    """Where the ensemble is from."""
    made, plan = made_with(), calibration.specification.design
    facts = {
        "study": calibration.name,
        "made": now().date().isoformat(),
        "command": " ".join(command),
        "version": made["versions"]["tiercare"],
        "commit": made["commit"],
        "source_hash": made["source_hash"],
        "sets": len(found.sets),
        "parameters": len(calibration.specification.parameters),
        "targets": len(calibration.specification.targets),
        "screening_runs": plan.screening.trajectories * (len(calibration.specification.parameters) + 1),
        "screening_families": plan.screening.families,
        "wave_families": plan.waves[0].families,
        "samples": plan.samples,
        "checked": len(found.checked),
        "rounds": plan.ensemble.rounds,
        "check_families": plan.ensemble.families,
        "cutoff": plan.cutoff,
        "ranked": plan.ranked,
        "moves_taken": round(found.posterior.taken, 3),
        "independent": round(found.posterior.worth),
    }
    return {key: str(value) for key, value in facts.items()}


def _table(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    with file.open("w", encoding="utf-8", newline="") as out:
        if not rows:
            return
        table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows({key: _cell(value) for key, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
