"""The command ``tiercare``. Exit codes: 0 done, 2 the input is wrong, 1 it failed or was stopped.

Whatever is slow to import is imported where it is used, so that ``tiercare --help`` answers at once.
"""

import contextlib
import sys
import tempfile
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Annotated, Any

import typer

from simulator.core.errors import UserError, near
from simulator.core.messages import LANGUAGES, say, use

app = typer.Typer(
    name="tiercare",
    help="Simulate tiered health care in China and how it is paid.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

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
Language = Annotated[str | None, typer.Option("--lang", metavar="en|zh", help="Language of tables and messages.")]


@app.command()
def run(
    scenario: Scenario,
    families: Families = None,
    months: Months = None,
    replications: Replications = 1,
    seed: Annotated[int, typer.Option(help="Number that all draws depend on.")] = 1,
    arms: Arms = None,
    engine: Engine = "fast",
    threads: Threads = None,
    changes: Changes = None,
    lang: Language = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; results/SCENARIO/TIME-HASH by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but the folder of the results.")] = False,
) -> None:
    """Run a scenario and keep the results in a folder."""
    with _reported(lang):
        _at_least(1, families=families, months=months)
        from simulator.report import progress
        from simulator.scenario import load
        from simulator.study.cost import size
        from simulator.study.run import run as run_study

        place = load(scenario, changes=changes or [], families=families, months=months)
        with contextlib.nullcontext() if quiet else progress.shown(size(place)[0]) as show:
            results = run_study(
                place,
                replications=replications,
                seed=seed,
                arms=[arm.strip() for arm in arms.split(",")] if arms is not None else None,
                engine=engine,
                threads=threads,
                out=out,
                progress=show,
                command=["tiercare", *sys.argv[1:]],
            )
        if quiet:
            print(_near(results.folder))
        else:
            _show(results, place)


@app.command()
def check(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO…", help="Scenario files (YAML).")],
    families: Families = None,
    months: Months = None,
    replications: Replications = 1,
    engine: Engine = "fast",
    threads: Threads = None,
    changes: Changes = None,
    lang: Language = None,
) -> None:
    """Validate scenarios; say who is paid by which rule, and how long a run will take."""
    with _reported(lang):
        _at_least(1, families=families, months=months, replications=replications, threads=threads)
        from simulator.report.check import estimate, payers
        from simulator.scenario import load
        from simulator.study.run import check_engine

        check_engine(engine)
        console, wrong = _console(), []
        for file in scenarios:
            try:
                place = load(file, changes=changes or [], families=families, months=months)
            except UserError as error:
                wrong.append(error)
                _complain(error)
                continue
            console.print(say("cli.valid", file=file, title=_title(place)), soft_wrap=True, highlight=False)
            for table in payers(place):
                console.print(table)
            console.print(estimate(place, replications, engine, threads), soft_wrap=True, highlight=False)
        if wrong:
            raise typer.Exit(2)


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="File to write it to; printed by default.")] = None,
    lang: Language = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    with _reported(lang):
        from simulator.scenario.json_schema import schema_text, write_schema

        if out is None:
            sys.stdout.write(schema_text())
            return
        try:
            print(write_schema(out))
        except OSError as error:
            raise UserError(say("study.out_unwritable", folder=out, why=error.strerror or error)) from error


def _version(wanted: bool) -> None:
    if wanted:
        from simulator import __version__

        print(f"tiercare {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


@contextlib.contextmanager
def _reported(lang: str | None) -> Generator[None]:
    """Turn what goes wrong into one clear line on the error stream and an exit code."""
    try:
        if lang is not None and lang not in LANGUAGES:
            raise UserError(
                say("cli.language_unknown", lang=lang, known=", ".join(LANGUAGES), near=near(lang, LANGUAGES))
            )
        if lang:
            use(lang)
        yield
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except UserError as error:
        _complain(error)
        raise typer.Exit(2) from None
    except KeyboardInterrupt as stop:
        results = getattr(stop, "results", None)
        _err(_kept(results) if results else say("cli.stopped"))
        raise typer.Exit(1) from None
    except Exception as error:
        _err(say("cli.failed", why=(str(error).strip() or type(error).__name__).splitlines()[0]))
        if kept := getattr(error, "results", None):
            _err(_kept(kept))
        _err(say("cli.traceback", file=_keep_traceback(error)))
        raise typer.Exit(1) from None


def _complain(error: UserError) -> None:
    for one in error.all:
        _err(str(one))


def _err(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _kept(results: Any) -> str:
    """How many replications a run kept that did not come to its end, and where."""
    kept, asked = (sum(map(len, results.manifest[which].values())) for which in ("finished", "asked"))
    return say("cli.kept", kept=kept, asked=asked, folder=_near(results.folder))


def _near(folder: Path) -> Path:
    """The folder as seen from here, where it lies below."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def _keep_traceback(error: Exception) -> Path:
    trace = getattr(error, "trace", "") or "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile("w", prefix="tiercare-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(trace)
    return Path(file.name)


def _at_least(least: int, **values: int | None) -> None:
    for name, value in values.items():
        if value is not None and value < least:
            raise UserError(say("study.too_small", name=name, least=least, value=value))


def _console() -> Any:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 200)


def _title(scenario: Any) -> str:
    from simulator.core.messages import language

    return getattr(scenario.title, language())


def _show(results: Any, scenario: Any) -> None:
    """The compact table and where everything else is."""
    from simulator.report.table import table

    console = _console()
    console.print(_title(scenario), style="bold", highlight=False)
    console.print(table(results, scenario.findings), highlight=False)
    console.print(say("cli.results", folder=_near(results.folder)), soft_wrap=True, highlight=False)


def main() -> None:
    """Entry point of the command."""
    app(prog_name="tiercare")
