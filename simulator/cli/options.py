"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Scenario = Annotated[Path, typer.Argument(metavar="SCENARIO", help="Scenario file (YAML).")]
Families = Annotated[int | None, typer.Option(help="Number of sampled families, in place of the scenario's.")]
Months = Annotated[int | None, typer.Option(help="Number of reported months, in place of the scenario's.")]
Replications = Annotated[int, typer.Option(help="Runs of every arm, each with its own people and draws.")]
Engine = Annotated[str, typer.Option(help="fast or agents; both give the same results.", metavar="fast|agents")]
Threads = Annotated[int | None, typer.Option(help="Cores to use; all by default.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="P=V", help="Set a value of the scenario by its dotted path; repeatable."),
]
Arms = Annotated[str | None, typer.Option(metavar="A,B", help="Arms to run; the baseline and every reform by default.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME", help="Other circumstances: an override of the scenario; repeatable."),
]
Language = Annotated[str | None, typer.Option("--lang", metavar="en|zh", help="Language of tables and messages.")]
Parameters = Annotated[
    str | None,
    typer.Option(
        metavar="ensemble|one|TABLE",
        help="Sets of parameters, a set for each replication: the ensemble by default, one set in all, or rows of a "
        "CSV or Parquet file whose columns are paths of the scenario.",
    ),
]
Seed = Annotated[int, typer.Option(help="Number that all draws depend on.")]
