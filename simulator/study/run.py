"""Run arms and replications of a scenario and keep their results in a folder of their own."""

import gc
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.errors import ModelError, UserError, near
from simulator.core.messages import say
from simulator.core.naming import as_folder
from simulator.study.branches import branches, lived
from simulator.study.cost import cores, plan, size
from simulator.study.folder import MANIFEST, RunFolder, Unit, begun, final_name
from simulator.study.inputs import data_hash, differences
from simulator.study.intervals import spread
from simulator.study.manifest import made_with, now, scenario_of
from simulator.study.pace import Stopwatch, seconds_to_compile
from simulator.study.parameters import Parameters, recorded_in
from simulator.study.results import Results
from simulator.study.summary import BASELINE, write_summary
from simulator.study.workers import Job, Report, Task, UnitFailed, run_apart, run_here

if TYPE_CHECKING:
    from simulator.study.shards import Workers

ENGINES = ("fast", "agents")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: months lived by all replications together, of how many that this run has to live; units
    (arm, replication) finished, of how many that were asked for."""

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
    parameters: Parameters | None = None,
    cluster: Callable[[Path], AbstractContextManager["Workers"]] | None = None,
    facility_months: bool = False,
) -> Results:
    """Run every arm as many times as asked, on all cores, and return the results.

    The results depend on the scenario, ``seed`` and ``replications`` alone, not on how the work was shared out. The
    arms of a replication share the burn-in, under the rules of the baseline, and all months up to the first in which
    their rules differ. If ``out`` holds a run of the same inputs that was stopped or killed, only what is missing there
    is run, and the folder ends as if nothing had happened.

    Args:
        scenario: from ``load``.
        replications: 1 or more; each has its own people and draws, the same in every arm.
        seed: 0 or more.
        arms: names; by default the baseline and every reform. Differences need the baseline among them.
        engine: ``fast`` or ``agents``.
        threads: cores to use, by default all.
        out: folder to make; by default ``results/<scenario>/<time>-<hash>`` in the current folder. Until the run ends
            its name has ``.unfinished`` behind it.
        progress: called from time to time.
        command: what the user typed, for the manifest.
        model: a class like ``HealthSystem`` to run in its place; other processes can only import it from a module,
            so one that is defined in a script or a notebook is run here.
        workers: processes to share the work out to; by default as many as finish it soonest.
        parameters: sets of parameters, one for each replication; intervals are then those over the sets.
        cluster: given the folder of the run, workers that share out the families of each replication.
        facility_months: keep every facility by month too, which makes the results some three times as large.

    Raises:
        UserError: an argument cannot be, or ``out`` is in use or was begun with other inputs.
        RunInterrupted: Ctrl-C; finished replications are kept.
        RunFailed: a replication failed; finished ones are kept.
    """
    units = _units(scenario, replications, arms)
    threads = cores() if threads is None else threads
    _check(engine, seed, threads, workers)
    if cluster is not None and (engine != "fast" or model is not None):
        raise UserError(say("study.cluster_engine", engine=engine))
    if cluster is not None or getattr(model, "__module__", None) == "__main__":
        workers = 1
    if parameters is not None and len(parameters.rows) < replications:
        raise UserError(say("parameters.rows", rows=len(parameters.rows), replications=replications))
    manifest = _manifest(scenario, seed, units, engine, parameters)
    manifest |= {
        "command": list(command) if command else None,
        "model": _called(model),
        "facility_months": facility_months,
    }
    summarise = partial(write_summary, ends=spread) if parameters else write_summary
    with RunFolder(Path(out) if out else _new_name(manifest)) as folder:
        jobs = _jobs(scenario, units, folder.finished())
        one = size(scenario)
        months = max((lived(scenario, job.arms) for job in jobs), default=0)
        shares = plan(len(jobs), one.families, months, engine, threads, workers)
        jobs = [job._replace(threads=shares.threads_of(n, len(jobs))) for n, job in enumerate(jobs)]
        manifest |= {"workers": shares.workers, "threads": shares.threads}
        if folder.begun is not None:
            _same(folder, manifest, units)
            before = {key: folder.begun[key] for key in ("scenario", "command", "start", "resumed")}
            manifest |= before | {"resumed": [*folder.begun["resumed"], manifest["start"]]}
        folder.begin(manifest)
        varied = parameters.scenarios if parameters else ()
        task = Task(scenario, seed, engine, model, folder.parts, varied, facility_months)
        watch = Stopwatch(one.families, engine, shares, seconds_to_compile() == 0)
        report = _counter(scenario, jobs, len(units), watch, progress)

        def close(failure: UnitFailed | None = None) -> Results | None:
            finished = folder.finished()
            if not finished:
                folder.discard()
                return None
            manifest["end"] = now().isoformat()
            manifest["complete"] = finished >= set(units)
            manifest["finished"] = _by_arm([unit for unit in units if unit in finished])
            manifest["failed"] = str(failure) if failure else None
            return Results(folder.close(_in_tables(units), manifest, summarise))

        try:
            if shares.workers > 1:
                run_apart(task, jobs, shares.workers, report)
            elif cluster is not None:
                _run_shared(task, jobs, report, folder.staging, cluster)
            else:
                run_here(task, jobs, report)
            results = close()
            if cluster is None and model is None:
                watch.keep()
        except KeyboardInterrupt:
            raise RunInterrupted(close()) from None
        except UnitFailed as failure:
            raise RunFailed(failure, close(failure)) from failure.__cause__
        except BaseException:
            close()
            raise
        if results is None or not results.complete:
            raise ModelError(f"not everything that was asked for is in {folder.final}")
        return results


def _run_shared(
    task: Task,
    jobs: list[Job],
    report: Report,
    folder: Path,
    cluster: Callable[[Path], AbstractContextManager["Workers"]],
) -> None:
    """Run the jobs one after the other, each with its families on the workers of a cluster."""
    from simulator.study.shards import ShardedSystem

    shards = folder / "shards"
    try:
        with cluster(folder) as workers:
            model = partial(ShardedSystem, workers=workers, folder=shards.absolute())
            run_here(replace(task, model=model), [job._replace(threads=1) for job in jobs], report)
    finally:
        gc.collect()  # models that are let go of end their shards
        shutil.rmtree(shards, ignore_errors=True)


def run_or_take(scenario: Any, out: Path, **how: Any) -> Results:
    """As ``run``, but what an earlier call has finished in ``out`` is taken as it is.

    Args:
        scenario: from ``load``.
        out: folder to make, to go on with, or to take.
        how: further arguments of ``run``: ``replications`` and ``seed`` at least.

    Raises:
        UserError: an argument cannot be, or ``out`` has a run of other inputs.
    """
    if begun(out) is not None or not (out / MANIFEST).is_file():
        return run(scenario, out=out, **how)
    there = Results.open(out)
    units = _units(scenario, how["replications"], how.get("arms"))
    manifest = _manifest(scenario, how["seed"], units, "fast", how.get("parameters"))
    differ = differences(there.manifest, manifest)
    if not differ and there.manifest["asked"] != manifest["asked"]:
        differ = say("study.differs_units")
    if differ:
        raise UserError(say("study.other_inputs", folder=out, differences=differ))
    return there


def reopen(folder: str | Path) -> tuple[Any, dict[str, Any]]:
    """The scenario of a run that was stopped or killed, and the further arguments of ``run`` with which it goes on.

    Args:
        folder: of the run, with or without ``.unfinished`` behind its name.

    Raises:
        UserError: there is nothing to go on with.
    """
    manifest = begun(folder)
    if manifest is None:
        over = (final_name(folder) / "manifest.json").is_file()
        raise UserError(say("study.run_over" if over else "study.no_run", folder=folder))
    scenario = scenario_of(manifest)
    return scenario, {**asked_of(manifest, scenario), "out": final_name(folder)}


def asked_of(manifest: Mapping[str, Any], scenario: Any) -> dict[str, Any]:
    """The arguments of ``run`` with which a run was begun, those apart that say how and where; ``scenario`` is its."""
    asked = manifest["asked"]
    return {
        **{key: manifest[key] for key in ("seed", "engine", "facility_months")},
        "parameters": recorded_in(manifest, scenario),
        "arms": list(asked),
        "replications": max(map(len, asked.values())),
    }


def _called(model: Any) -> str | None:
    """Name of a class of one's own, with its module; None for the program's."""
    return f"{model.__module__}.{model.__qualname__}" if model else None


def _manifest(
    scenario: Any, seed: int, units: list[Unit], engine: str, parameters: Parameters | None
) -> dict[str, Any]:
    """What is known before the run, of the program's own model and without facilities by month."""
    sets = {"parameters": parameters.recorded()} if parameters is not None else {}
    return {
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "resolved": scenario.resolved(),
            "origins": scenario.origins,
        },
        "command": None,
        "seed": seed,
        "engine": engine,
        "model": None,
        "facility_months": False,
        "families": scenario.population.families,
        "asked": _by_arm(units),
        **made_with(),
        "data_hash": data_hash(),
        "start": now().isoformat(),
        "resumed": [],
        "end": None,
        "complete": False,
        "finished": {},
        "failed": None,
        **sets,
    }


def _same(folder: RunFolder, manifest: dict[str, Any], units: list[Unit]) -> None:
    """Raise UserError where the folder was begun with other inputs, or holds more than is asked for."""
    differ = differences(folder.begun or {}, manifest)
    more = sorted({f"{arm}.{replication}" for arm, replication in folder.finished() - set(units)})
    if more and not differ:
        differ = say("study.differs_more_units", units=", ".join(more[:4]) + ("…" if len(more) > 4 else ""))
    if differ:
        raise UserError(say("study.other_inputs", folder=folder.final, differences=differ))


def _units(scenario: Any, replications: int, arms: Sequence[str] | None) -> list[Unit]:
    """Arms in the order asked for, in each the replications."""
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
    base = Path("results") / as_folder(manifest["scenario"]["name"]) / f"{stamp}-{digest}"
    names = (base.with_name(f"{base.name}{suffix}") for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists() and begun(name) is None)


def _jobs(scenario: Any, units: list[Unit], finished: set[Unit]) -> list[Job]:
    """Replications with the arms that they still lack."""
    missing: dict[int, list[str]] = {}
    for arm, replication in units:
        if (arm, replication) not in finished:
            missing.setdefault(replication, []).append(arm)
    return [Job(number, branches(scenario, missing[number]).in_order()) for number in sorted(missing)]


def _in_tables(units: list[Unit]) -> list[Unit]:
    """The order of the tables: the baseline, then arms by name, whatever the order in which a file has them."""
    return sorted(units, key=lambda unit: (unit[0] != BASELINE, unit))


def _counter(
    scenario: Any, jobs: list[Job], asked: int, watch: Stopwatch, progress: Callable[[Progress], None] | None
) -> Callable[[Job, int, int], None]:
    """Adds up what the jobs report; what an earlier run finished counts as units, not as months."""
    so_far, done = dict.fromkeys(jobs, 0), dict.fromkeys(jobs, 0)
    months = sum(lived(scenario, job.arms) for job in jobs)
    before = asked - sum(len(job.arms) for job in jobs)

    def report(job: Job, months_of_it: int, arms: int) -> None:
        so_far[job], done[job] = months_of_it, arms
        watch.see(sum(so_far.values()))
        if progress:
            progress(Progress(sum(so_far.values()), months, before + sum(done.values()), asked))

    return report
