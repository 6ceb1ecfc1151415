"""`tiercare calibrate`: from priors and targets to an ensemble of parameter sets."""

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.cli.app import app
from simulator.cli.options import Language
from simulator.cli.output import at_least, console, err, near_here, reported
from simulator.cli.sweep import LONG, Cluster, Patience, Workers
from simulator.core.errors import UserError
from simulator.core.messages import say

NEEDS = ("SALib", "scipy", "sklearn", "emcee")
"""What no other command needs."""


@app.command()
def calibrate(
    study: Annotated[
        Path | None, typer.Argument(metavar="STUDY", help="Calibration file, or the folder of its calibration.yaml.")
    ] = None,
    waves: Annotated[int | None, typer.Option(help="Waves at most; all of the study by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/calibration/STUDY by default.")] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    patience: Patience = 600,
    recovery: Annotated[
        bool,
        typer.Option(
            "--recovery", help="Try the method instead: hide parameters, and see whether intervals hold them."
        ),
    ] = False,
    trials: Annotated[int, typer.Option(help="Trials of --recovery.")] = 24,
    yes: Annotated[bool, typer.Option("--yes", help="Begin a long study without asking.")] = False,
    lang: Language = None,
) -> None:
    """Fit behaviour to targets: screening, waves of history matching, a posterior, and an ensemble of parameter sets.

    What was stopped or killed goes on with the same command.
    """
    with reported(lang):
        at_least(1, waves=waves, workers=workers, trials=trials)
        lacking()
        from simulator.calibrate.read import read_calibration
        from simulator.calibrate.recovery import STUDY
        from simulator.calibrate.runs import Runs
        from simulator.study.sweep.drive import StudyStopped
        from simulator.study.sweep.executors import cluster as on_cluster

        if study is None and not recovery:
            raise UserError(say("calibrate.no_study"))
        asked = read_calibration(study or STUDY)
        folder = (out or Path("results", "calibration", asked.name)).absolute()
        on = (lambda: on_cluster(cluster, patience)) if cluster else None
        model = Runs(asked, folder, workers, on, _seen(), err)
        seconds = _told(asked, model, waves, trials if recovery else 0)
        if seconds > LONG and not yes and sys.stdin.isatty() and sys.stderr.isatty():
            typer.confirm(say("sweep.confirm"), abort=True, err=True)
        try:
            if recovery:
                _recover(asked, model, trials)
            else:
                _calibrate(asked, model, waves)
        except StudyStopped:
            err(say("calibrate.stopped", folder=near_here(folder)))
            raise typer.Exit(1) from None
        console().print(say("cli.results", folder=near_here(folder)), soft_wrap=True, highlight=False)


def _calibrate(asked: Any, model: Any, waves: int | None) -> None:
    """Make the ensemble and keep it in the folder of the runs."""
    from simulator.calibrate import files
    from simulator.calibrate.page import write_page
    from simulator.calibrate.waves import Problem, calibrate

    problem = Problem.of(asked.specification)
    found = calibrate(problem, model, waves, _tell)
    files.write(model.folder, asked, problem, found, ["tiercare", *sys.argv[1:]])
    write_page(model.folder)
    inside = int(problem.targets.inside(found.checked.mean(axis=0)).sum())
    words = {"inside": inside, "of": len(problem.targets), "sets": len(found.checked)}
    console().print(say("calibrate.inside", **words), highlight=False)


def _recover(asked: Any, model: Any, trials: int) -> None:
    """Try the method and keep every trial; exit code 1 where intervals hold too little or too much."""
    from simulator.calibrate.recovery import WANTED, recover, write
    from simulator.calibrate.waves import Problem

    found = recover(Problem.of(asked.specification), model, trials)
    write(found, model.folder)
    words = {"held": int(found.held.sum()), "of": found.held.size, "share": f"{found.coverage:.1%}", "trials": trials}
    low, high = WANTED
    console().print(say("calibrate.recovered", low=f"{low:.0%}", high=f"{high:.0%}", **words), highlight=False)
    if not found.right:
        raise typer.Exit(1)


def recovered(folder: Path, workers: int | None) -> Any:
    """What comes of the recovery that is shipped, with its runs kept in a folder; exit code 1 where it is stopped."""
    from simulator.calibrate.read import read_calibration
    from simulator.calibrate.recovery import STUDY, TRIALS, recover
    from simulator.calibrate.runs import Runs
    from simulator.calibrate.waves import Problem
    from simulator.study.sweep.drive import StudyStopped

    asked = read_calibration(STUDY)
    model = Runs(asked, folder.absolute(), workers, None, _seen(), err)
    _told(asked, model, None, TRIALS)
    try:
        return recover(Problem.of(asked.specification), model, TRIALS)
    except StudyStopped:
        err(say("validation.stopped"))
        raise typer.Exit(1) from None


def lacking() -> None:
    """Raises UserError for a library that is not installed and that calibration needs."""
    if names := [name for name in NEEDS if find_spec(name) is None]:
        raise UserError(say("sweep.library", name=names[0]))


def _told(asked: Any, model: Any, waves: int | None, trials: int) -> float:
    """Say what a calibration, or so many trials of recovery, will take; the seconds of its runs."""
    from simulator.calibrate.runs import Batch
    from simulator.report.progress import duration

    spec, plan = asked.specification, asked.specification.design
    first, last = plan.screening, plan.ensemble
    parts = [(wave.families, wave.points) for wave in plan.waves[:waves]]
    if trials:
        parts = [(plan.waves[0].families, plan.waves[0].points + trials)]
    else:
        parts += [(first.families, first.trajectories * (len(spec.parameters) + 1)), (last.families, last.checked)]
    seconds = sum(model.seconds(Batch("", families, 1), count) for families, count in parts)
    words = {"parameters": len(spec.parameters), "targets": len(spec.targets), "time": duration(seconds)}
    runs = sum(count for _, count in parts) * len(spec.places)
    console().print(say("calibrate.takes", runs=runs, **words), highlight=False)
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
