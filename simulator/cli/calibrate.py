"""`tiercare calibrate`: from priors and targets to an ensemble of parameter sets."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Language
from simulator.cli.output import at_least, console, err, near_here, reported
from simulator.cli.sweep import LONG, Patience
from simulator.core.messages import say

Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a dask cluster that does the work, tcp://HOST:PORT.")
]
Workers = Annotated[int | None, typer.Option(help="Runs at a time on this machine; by default one for each core.")]


@app.command()
def calibrate(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Calibration file, or the folder of its calibration.yaml.")
    ],
    waves: Annotated[int | None, typer.Option(help="Waves at most; all of the study by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/calibration/STUDY by default.")] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    patience: Patience = 600,
    yes: Annotated[bool, typer.Option("--yes", help="Begin a long study without asking.")] = False,
    lang: Language = None,
) -> None:
    """Fit behaviour to targets: screening, waves of history matching, a posterior, and an ensemble of parameter sets.

    What was stopped or killed goes on with the same command.
    """
    with reported(lang):
        at_least(1, waves=waves, workers=workers)
        from simulator.calibrate import files
        from simulator.calibrate.page import write_page
        from simulator.calibrate.priors import Priors
        from simulator.calibrate.read import read_calibration
        from simulator.calibrate.runs import Runs
        from simulator.calibrate.targets import Targets
        from simulator.calibrate.waves import Problem
        from simulator.calibrate.waves import calibrate as run
        from simulator.study.sweep.drive import StudyStopped
        from simulator.study.sweep.executors import cluster as on_cluster

        asked = read_calibration(study)
        spec = asked.specification
        folder = (out or Path("results", "calibration", asked.name)).absolute()
        model = Runs(asked, folder, workers, (lambda: on_cluster(cluster, patience)) if cluster else None, _seen(), err)
        seconds = _told(asked, model, waves)
        if seconds > LONG and not yes and sys.stdin.isatty() and sys.stderr.isatty():
            typer.confirm(say("sweep.confirm"), abort=True, err=True)
        problem = Problem(Priors.of(spec.parameters), Targets.of(spec.targets), spec.design)
        try:
            found = run(problem, model, waves, _tell)
        except StudyStopped:
            err(say("calibrate.stopped", folder=near_here(folder)))
            raise typer.Exit(1) from None
        files.write(folder, asked, problem, found, ["tiercare", *sys.argv[1:]])
        write_page(folder)
        inside = int(problem.targets.inside(found.checked.mean(axis=0)).sum())
        console().print(say("calibrate.inside", inside=inside, of=len(problem.targets), sets=len(found.checked)))
        console().print(say("cli.results", folder=near_here(folder)), soft_wrap=True, highlight=False)


def _told(asked: Any, model: Any, waves: int | None) -> float:
    """Say what it will take; the seconds of its runs."""
    from simulator.calibrate.runs import Batch
    from simulator.report.progress import duration

    spec = asked.specification
    plan = spec.design
    parts = [(Batch("screening", plan.screening.families, 1), plan.screening.trajectories * (len(spec.parameters) + 1))]
    parts += [
        (Batch(f"wave-{n}", wave.families, plan.samples), wave.points) for n, wave in enumerate(plan.waves[:waves])
    ]
    parts.append((Batch("check", plan.ensemble.families, plan.samples), plan.ensemble.checked))
    seconds = sum(model.seconds(batch, count) for batch, count in parts)
    runs = sum(count for _, count in parts) * len(spec.places)
    console().print(
        say(
            "calibrate.takes", parameters=len(spec.parameters), targets=len(spec.targets), runs=runs,
            time=duration(seconds),
        )
    )  # fmt: skip
    return seconds


def _seen() -> Callable[[str, int, int], None]:
    """A line for each batch: written over on a terminal, else once at its end."""

    def seen(batch: str, done: int, of: int) -> None:
        line = say("calibrate.batch", batch=batch, done=done, of=of)
        if sys.stderr.isatty():
            print(f"\r{line}", end="\n" if done == of else "", file=sys.stderr, flush=True)
        elif done == of:
            print(line, file=sys.stderr, flush=True)

    return seen


def _tell(what: str, found: Any) -> None:
    """What a stage has found."""
    if what == "wave":
        good = sum(each.good for each in found.diagnostics)
        share = f"{found.retained.share:.2g}"
        words = {"share": share, "reached": f"{found.retained.reached:.2f}", "good": good, "of": len(found.diagnostics)}
        console().print(say("calibrate.wave", **words), highlight=False)
    elif what == "posterior":
        console().print(
            say("calibrate.posterior", worth=round(found.worth), taken=f"{found.taken:.0%}"), highlight=False
        )
