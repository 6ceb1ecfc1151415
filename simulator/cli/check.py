"""`tiercare check`: is a scenario valid, who pays which bills, how long will it take."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Changes, Engine, Families, Language, Months, Overrides, Replications, Threads
from simulator.cli.output import at_least, complain, console, err, reported, title_of, warn
from simulator.core.errors import UserError
from simulator.core.messages import say


@app.command()
def check(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO…", help="Scenario files (YAML).")],
    families: Families = None,
    months: Months = None,
    replications: Replications = 1,
    engine: Engine = "fast",
    threads: Threads = None,
    changes: Changes = None,
    overrides: Overrides = None,
    origin: Annotated[
        str | None, typer.Option(metavar="PATH", help="Say where a value comes from instead, by its dotted path.")
    ] = None,
    lang: Language = None,
) -> None:
    """Validate scenarios; say who is paid by which rule in which arm, and how long a run will take."""
    with reported(lang):
        at_least(1, families=families, months=months, replications=replications, threads=threads)
        from simulator.report.check import estimate
        from simulator.report.origin import origin as origin_of
        from simulator.report.payers import payers, unfit
        from simulator.scenario import load
        from simulator.study.run import check_engine

        check_engine(engine)
        screen, wrong = console(), []
        for file in scenarios:
            try:
                place = load(file, changes=changes or [], families=families, months=months, with_=overrides or [])
                tables = origin_of(place, origin) if origin else payers(place)
            except UserError as error:
                wrong.append(error)
                complain(error)
                continue
            warn(place)
            if not origin:
                screen.print(say("cli.valid", file=file, title=title_of(place)), soft_wrap=True, highlight=False)
            for each in tables:
                screen.print(each, soft_wrap=isinstance(each, str), highlight=False)
            if origin:
                continue
            for mistake in unfit(place):
                err(mistake)
            screen.print(estimate(place, replications, engine, threads), soft_wrap=True, highlight=False)
        if wrong:
            raise typer.Exit(2)
