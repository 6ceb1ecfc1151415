"""What there is and what it means: `tiercare list`, `rules`, `schema`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Language
from simulator.cli.output import console, reported, writing


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="File to write it to; printed by default.")] = None,
    study: Annotated[bool, typer.Option("--study", help="That of study files.")] = False,
    lang: Language = None,
) -> None:
    """Print the JSON Schema of scenario files, or of study files, for editors."""
    with reported(lang):
        if study:
            from simulator.study.sweep.json_schema import schema_text
        else:
            from simulator.scenario.schema.json_schema import schema_text

        if out is None:
            sys.stdout.write(schema_text())
            return
        with writing(out):
            out.write_text(schema_text(), encoding="utf-8")
        print(out)


@app.command("list")
def listed(
    folder: Annotated[Path | None, typer.Argument(help="Folder to look in; the packaged scenarios by default.")] = None,
    groups: Annotated[
        Path | None, typer.Option(metavar="SCENARIO", help="List the case groups of a scenario instead, such as base.")
    ] = None,
    mechanism: Annotated[
        str | None,
        typer.Option(help="Only those with a rule, service or mechanism of this name."),
    ] = None,
    form: Annotated[str | None, typer.Option(help="Only those with a network or alliance of this form.")] = None,
    text: Annotated[
        str | None,
        typer.Option(help="Only those whose texts hold this, in either language."),
    ] = None,
    lang: Language = None,
) -> None:
    """List scenarios: title, form, rules, services, arms, number of claims; or the case groups of one."""
    with reported(lang):
        from simulator.report.listing import Wanted, groups_table, listing
        from simulator.scenario import load

        wanted = Wanted(mechanism, form, text)
        console().print(listing(folder, wanted) if groups is None else groups_table(load(groups)), highlight=False)


@app.command()
def rules(
    name: Annotated[str | None, typer.Argument(help="A rule; all of them by default.")] = None,
    lang: Language = None,
) -> None:
    """List payment rules, settlements and benefit rules, or explain one."""
    with reported(lang):
        from simulator.report.rule_pages import rule_page, rules_table

        for each in rule_page(name) if name else [rules_table()]:
            console().print(each, highlight=False, markup=False)
