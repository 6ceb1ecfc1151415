"""`tiercare sensitivity`, `search`, `discover`: what a study says."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Families, Language, Months
from simulator.cli.output import at_least, console, err, near_here, reported, writing
from simulator.cli.sweep import Run, Workers
from simulator.core.errors import UserError, near
from simulator.core.messages import LANGUAGES, say

Arm = Annotated[str | None, typer.Option(help="Only this arm.")]


@app.command()
def sensitivity(
    run: Run,
    out: Annotated[Path | None, typer.Option(help="Folder for table and figures; RUN/sensitivity by default.")] = None,
    arm: Arm = None,
    outcome: Annotated[str | None, typer.Option(help="Only this outcome.")] = None,
    lang: Language = None,
) -> None:
    """Say which uncertainties the outcomes of a study depend on, and whether its sample is large enough to say so.

    Sobol indices from designs of kind sobol, elementary effects from morris, the delta index from random draws.
    """
    with reported(lang):
        from simulator.report.analysis.sensitivity import shown, write
        from simulator.study.analysis.sensitivity import sensitivity as indices
        from simulator.study.sweep.study_results import Sweep

        sweep = Sweep(run)
        table = indices(sweep, arm, outcome, err)
        console().print(shown(sweep.study.specification, table), highlight=False)
        folder = out or run / "sensitivity"
        _keep(write(sweep.study.specification, table, folder, _languages(lang)), folder)


@app.command()
def search(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="Study file, or the folder of its sweep.yaml.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the search; results/STUDY/… by default.")] = None,
    trials: Annotated[int, typer.Option(help="Policies to try, those of an earlier start included.")] = 64,
    families: Families = None,
    months: Months = None,
    workers: Workers = None,
    arm: Annotated[str | None, typer.Option(help="Arm whose outcomes count; the reform if there is one.")] = None,
    robust: Annotated[
        str | None,
        typer.Option(
            metavar="mean|worst|tenth",
            help="Try each policy under all draws of the uncertainties; what counts is their mean, the worst, or the "
            "one that a tenth are worse than.",
        ),
    ] = None,
    draws: Annotated[int | None, typer.Option(help="With --robust: at most so many draws.")] = None,
    neutral: Annotated[
        str | None, typer.Option(metavar="LEVER", help="Level it until the fund balances as without the policy.")
    ] = None,
    balance: Annotated[
        str | None, typer.Option(metavar="OUTCOME", help="With --neutral: outcome that is the balance of the fund.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the proposals; runs have that of the study.")] = 1,
    lang: Language = None,
) -> None:
    """Search the levers of a study for policies that are best in something: the Pareto front, with its uncertainty.

    The same command with the same --out goes on with a search that was stopped or killed.
    """
    with reported(lang):
        at_least(1, families=families, months=months, workers=workers, trials=trials, draws=draws)
        at_least(0, seed=seed)
        from simulator.report.analysis.front import shown, write
        from simulator.study.analysis.front import table
        from simulator.study.analysis.search import search as searched
        from simulator.study.analysis.specification import specify
        from simulator.study.sweep.designs import Points
        from simulator.study.sweep.names import new_folder
        from simulator.study.sweep.read import read_study
        from simulator.study.sweep.tasks import Tasks

        wanted = specify(read_study(study, families, months), arm, robust, draws, neutral, balance, seed)
        folder = out or new_folder(Tasks(wanted.study, Points((), [], [], []), 1))

        def progress(done: int, front: int, failed: int) -> None:
            err(say("analysis.searching", done=done, trials=trials, front=front, failed=failed))

        found = table(wanted, searched(wanted, folder, trials, workers, progress))
        if not found["front"].any():
            err(say("analysis.nothing_usable", why=found["why"].iloc[0]))
            raise typer.Exit(1)
        console().print(shown(wanted, found), highlight=False)
        _keep(write(wanted, found, folder, _languages(lang)), folder)


@app.command()
def discover(
    run: Run,
    fails: Annotated[
        str, typer.Option("--fails", metavar='"OUTCOME < VALUE"', help="What failing means, such as 'fund < -2%'.")
    ],
    out: Annotated[Path | None, typer.Option(help="Folder for tables and figure; RUN/discover by default.")] = None,
    arm: Arm = None,
    of: Annotated[
        str,
        typer.Option(
            "--of",
            metavar="level|effect|difference",
            help="What the condition speaks of: the outcome, its difference from the baseline, or from compare_with.",
        ),
    ] = "level",
    density: Annotated[float, typer.Option(help="Share of the draws in a box that shall fail, 0 to 1.")] = 0.8,
    boxes: Annotated[int, typer.Option(help="Boxes to look for.")] = 1,
    lang: Language = None,
) -> None:
    """Say which uncertainties make a policy fail: boxes of them in which it mostly does (scenario discovery, PRIM)."""
    with reported(lang):
        at_least(1, boxes=boxes)
        from simulator.report.analysis.boxes import shown, write
        from simulator.study.analysis.condition import condition
        from simulator.study.analysis.discover import discover as discovered
        from simulator.study.analysis.responses import FIGURES
        from simulator.study.sweep.study_results import Sweep

        if of not in FIGURES:
            raise UserError(say("sweep.unknown", name=of, known=", ".join(FIGURES)) + near(of, FIGURES), "--of")
        if not 0 < density <= 1:
            raise UserError(say("analysis.density_range", value=density), "--density")
        sweep = Sweep(run)
        found = discovered(sweep, condition(fails, sweep.study.specification.outcomes), arm, of, density, boxes, err)
        console().print(shown(sweep.study.specification, found), highlight=False)
        folder = out or run / "discover"
        _keep(write(sweep.study.specification, found, folder, _languages(lang)), folder)


def _languages(lang: str | None) -> list[str]:
    """Languages in which figures are drawn: the one asked for, or all that can be drawn here."""
    from simulator.report.figures.fonts import family_of, hint

    if lang and family_of(lang) is None:
        raise UserError(hint())
    drawn = [lang] if lang else [spoken for spoken in LANGUAGES if family_of(spoken)]
    if len(drawn) < len(LANGUAGES) and not lang:
        err(hint())
    return drawn


def _keep(files: Iterable[Path], folder: Path) -> None:
    """Print each file as soon as it is written. Raises UserError where that is not possible."""
    with writing(folder):
        for file in files:
            print(near_here(file.absolute()))
