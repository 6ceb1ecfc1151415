"""`tiercare costs`: what patients cost before any reform, by case group, disease and tier."""

from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Changes, Families, Language, Overrides
from simulator.cli.output import at_least, console, reported, warn, writing


@app.command()
def costs(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (YAML).")] = Path("base"),
    families: Families = None,
    changes: Changes = None,
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder for both tables as CSV files too.")] = None,
    lang: Language = None,
) -> None:
    """Show what patients cost in the year before any reform, by case group and tier, and a head by disease and plan.

    For amounts of a scenario such as package prices and payments per head. It is a small simulation of some seconds.
    """
    with reported(lang):
        at_least(1, families=families)
        from simulator.report.patient_costs import tables
        from simulator.scenario import load
        from simulator.study import patient_costs as measured

        place = load(scenario, changes=changes or [], families=families, with_=overrides or [])
        if families is None and place.population.families > measured.FAMILIES:
            place = load(scenario, changes=changes or [], families=measured.FAMILIES, with_=overrides or [])
        warn(place)
        found = measured.costs(place)
        for table in tables(found, place):
            console().print(table, highlight=False)
        if out is not None:
            with writing(out):
                out.mkdir(parents=True, exist_ok=True)
                for name, rows in found._asdict().items():
                    rows.to_csv(out / f"{name}.csv", index=False, float_format="%.10g", lineterminator="\n")
