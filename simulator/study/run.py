"""Run arms and replications of a scenario and keep their results in a folder of their own."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.cost import cores, plan, size
from simulator.study.folder import RunFolder, Unit
from simulator.study.manifest import made_with, now
from simulator.study.results import Results
from simulator.study.summary import BASELINE, write_summary
from simulator.study.workers import Task, UnitFailed, run_apart, run_here

ENGINES = ("fast", "agents")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: months lived by all units together, of how many; units finished, of how many."""

    months: int
    of_months: int
    units: int
    of_units: int


class RunInterrupted(KeyboardInterrupt):
    """Ctrl-C. ``results`` holds the finished replications, None if there were none."""

    def __init__(self, results: Results | None):
        self.results = results
        super().__init__(str(results.folder) if results else "")


class RunFailed(Exception):
    """A replication failed. ``results`` holds the finished ones, ``trace`` the traceback of where it happened."""

    def __init__(self, failure: UnitFailed, results: Results | None):
        self.results, self.trace = results, failure.trace
        super().__init__(str(failure))


def run(
    scenario: Any,
    *,
    replications: int = 1,
    seed: int = 1,
    arms: Sequence[str] | None = None,
    engine: str = "fast",
    threads: int | None = None,
    out: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    command: Sequence[str] | None = None,
    model: Callable[..., Any] | None = None,
    workers: int | None = None,
) -> Results:
    """Run every arm as many times as asked, on all cores, and return the results.

    The results depend on the scenario, ``seed`` and ``replications`` alone, not on how the work was shared out.

    Args:
        scenario: from ``load``.
        replications: 1 or more; each has its own people and draws, the same in every arm.
        seed: 0 or more.
        arms: names; by default the baseline and every reform.
        engine: ``fast`` or ``agents``.
        threads: cores to use, by default all.
        out: folder to make; by default ``results/<scenario>/<time>-<hash>`` in the current folder.
        progress: called from time to time.
        command: what the user typed, for the manifest.
        model: a class like ``HealthSystem`` to run in its place.
        workers: processes to share the work out to; by default as many as finish it soonest.

    Raises:
        UserError: an argument cannot be, or ``out`` is in use.
        RunInterrupted: Ctrl-C; finished replications are kept.
        RunFailed: a replication failed; finished ones are kept.
    """
    units = _units(scenario, replications, arms)
    threads = cores() if threads is None else threads
    _check(engine, seed, threads, workers)
    families, months = size(scenario)
    shares = plan(len(units), families, months, engine, threads, workers)
    start = now()
    manifest: dict[str, Any] = {
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "resolved": scenario.resolved(),
            "origins": scenario.origins,
        },
        "command": list(command) if command else None,
        "seed": seed,
        "engine": engine,
        "families": families,
        "asked": _by_arm(units),
        "workers": shares.workers,
        "threads": shares.threads,
        **made_with(),
        "start": start.isoformat(),
    }
    folder = RunFolder(Path(out) if out else _new_name(manifest))
    task = Task(scenario, seed, engine, shares.threads, model, folder.part)
    told = _counter(units, months, progress)

    def close(failure: UnitFailed | None = None) -> Results | None:
        finished = folder.finished(units)
        if not finished:
            folder.discard()
            return None
        manifest["end"] = now().isoformat()
        manifest["complete"] = finished == units
        manifest["finished"] = _by_arm(finished)
        manifest["failed"] = str(failure) if failure else None
        return Results(folder.close(units, manifest, write_summary))

    try:
        if shares.workers > 1:
            run_apart(task, units, shares.workers, told)
        else:
            run_here(task, units, told)
        results = close()
    except KeyboardInterrupt:
        raise RunInterrupted(close()) from None
    except UnitFailed as failure:
        raise RunFailed(failure, close(failure)) from failure.__cause__
    except BaseException:
        close()
        raise
    assert results is not None
    return results


def _units(scenario: Any, replications: int, arms: Sequence[str] | None) -> list[Unit]:
    """Arms in the order asked for, in each the replications; the order of the tables."""
    names = list(scenario.arms)
    asked = list(dict.fromkeys(arms)) if arms is not None else sorted(names, key=lambda arm: arm != BASELINE)
    for arm in asked:
        if arm not in names:
            raise UserError(say("study.arm_unknown", arm=arm, arms=", ".join(names), near=near(arm, names)))
    if not asked:
        raise UserError(say("study.arm_none", arms=", ".join(names)))
    if replications < 1:
        raise UserError(say("study.too_small", name="replications", least=1, value=replications))
    return [(arm, replication) for arm in asked for replication in range(replications)]


def check_engine(engine: str) -> None:
    """Raise UserError where there is no engine of that name."""
    if engine not in ENGINES:
        known = ", ".join(ENGINES)
        raise UserError(say("study.engine_unknown", engine=engine, engines=known, near=near(engine, ENGINES)))


def _check(engine: str, seed: int, threads: int, workers: int | None) -> None:
    check_engine(engine)
    for name, value, least in (("seed", seed, 0), ("threads", threads, 1), ("workers", workers, 1)):
        if value is not None and value < least:
            raise UserError(say("study.too_small", name=name, least=least, value=value))


def _by_arm(units: list[Unit]) -> dict[str, list[int]]:
    """Replications by arm."""
    return {name: [replication for arm, replication in units if arm == name] for name in dict(units)}


def _new_name(manifest: dict[str, Any]) -> Path:
    """A folder that is not there yet: scenario, time of the start, and a hash of what was asked for."""
    asked = {key: manifest[key] for key in ("scenario", "seed", "engine", "families", "asked", "source_hash")}
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:6]
    stamp = manifest["start"].replace("-", "").replace(":", "").replace("+0000", "Z")
    base = Path("results") / manifest["scenario"]["name"] / f"{stamp}-{digest}"
    names = (base.with_name(f"{base.name}{suffix}") for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _counter(units: list[Unit], months: int, progress: Callable[[Progress], None] | None) -> Callable[..., None]:
    """Adds up what the units report."""
    done, finished, length = dict.fromkeys(units, 0), set[Unit](), [months]

    def told(unit: Unit, so_far: int, of: int) -> None:
        done[unit], length[0] = so_far, of
        if so_far == of:
            finished.add(unit)
        if progress:
            progress(Progress(sum(done.values()), len(units) * length[0], len(finished), len(units)))

    return told
