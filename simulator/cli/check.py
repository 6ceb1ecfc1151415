"""`tiercare check`: is a scenario valid, who pays which bills, how long will it take."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

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
    """Validate scenarios; say who is paid by which rule in which arm, and how long a run will take.

    Amounts of your own, such as a package or a base rate, are set beside what such patients cost last year.
    """
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
            for doubt in _far_off(
                place, lambda size, file=file: load(file, changes or [], size, None, overrides or [])
            ):
                err(doubt)
            screen.print(estimate(place, replications, engine, threads), soft_wrap=True, highlight=False)
        if wrong:
            raise typer.Exit(2)


def _far_off(place: Any, sized: Callable[[int], Any]) -> Iterator[str]:
    """What of the amounts of a user's own is far off what such patients cost; that it is not known before the program
    is compiled. ``sized`` gives the scenario with another number of families."""
    from simulator.study.amounts import FAMILIES, far_off, own_amounts
    from simulator.study.pace import is_ready

    amounts = own_amounts(place)
    if amounts and not is_ready():
        yield say("amounts.later", path=amounts[0].path)
    elif amounts:
        small = place if place.population.families <= FAMILIES else sized(FAMILIES)
        yield from map(str, far_off(small, amounts))
