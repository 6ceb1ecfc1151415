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
Overrides = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME", help="Other circumstances: an override of the scenario; repeatable."),
]
Language = Annotated[str | None, typer.Option("--lang", metavar="en|zh", help="Language of tables and messages.")]


@app.command()
def run(
    context: typer.Context,
    scenario: Annotated[Path | None, typer.Argument(metavar="SCENARIO", help="Scenario file (YAML).")] = None,
    families: Families = None,
    months: Months = None,
    replications: Replications = 1,
    seed: Annotated[int, typer.Option(help="Number that all draws depend on.")] = 1,
    arms: Arms = None,
    engine: Engine = "fast",
    threads: Threads = None,
    changes: Changes = None,
    overrides: Overrides = None,
    lang: Language = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; results/SCENARIO/TIME-HASH by default.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Go on with a run that was stopped, as it was asked for then.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but the folder of the results.")] = False,
) -> None:
    """Run a scenario and keep the results in a folder.

    A run that was stopped or killed goes on with the same command and the same --out, or with --resume.
    """
    with _reported(lang):
        _at_least(1, families=families, months=months)
        from simulator.report import progress
        from simulator.scenario import load
        from simulator.study.cost import size
        from simulator.study.run import reopen
        from simulator.study.run import run as run_study

        asked: dict[str, Any] = {"replications": replications, "seed": seed, "engine": engine, "out": out}
        if resume is not None:
            typed = _typed(context)
            if beside := typed.keys() - {"resume", "engine", "threads", "lang", "quiet"}:
                names = ", ".join(typed[name] for name in typed if name in beside)
                raise UserError(say("cli.resume_beside", names=names))
            place, asked = reopen(resume)
            asked |= {"engine": engine} if "engine" in typed else {}
        elif scenario is not None:
            place = load(scenario, changes=changes or [], families=families, months=months, with_=overrides or [])
            asked["arms"] = [arm.strip() for arm in arms.split(",")] if arms is not None else None
        else:
            raise UserError(say("cli.resume_or_scenario"))
        _warn(place)
        with contextlib.nullcontext() if quiet else progress.shown(size(place).families) as show:
            results = run_study(
                place,
                **asked,
                threads=threads,
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
    overrides: Overrides = None,
    origin: Annotated[
        str | None, typer.Option(metavar="PATH", help="Say where a value comes from instead, by its dotted path.")
    ] = None,
    lang: Language = None,
) -> None:
    """Validate scenarios; say who is paid by which rule in which arm, and how long a run will take."""
    with _reported(lang):
        _at_least(1, families=families, months=months, replications=replications, threads=threads)
        from simulator.report.check import estimate
        from simulator.report.origin import origin as origin_of
        from simulator.report.payers import payers, unfit
        from simulator.scenario import load
        from simulator.study.run import check_engine

        check_engine(engine)
        console, wrong = _console(), []
        for file in scenarios:
            try:
                place = load(file, changes=changes or [], families=families, months=months, with_=overrides or [])
                told = origin_of(place, origin) if origin else payers(place)
            except UserError as error:
                wrong.append(error)
                _complain(error)
                continue
            _warn(place)
            if not origin:
                console.print(say("cli.valid", file=file, title=_title(place)), soft_wrap=True, highlight=False)
            for each in told:
                console.print(each, soft_wrap=isinstance(each, str), highlight=False)
            if origin:
                continue
            for mistake in unfit(place):
                _err(mistake)
            console.print(estimate(place, replications, engine, threads), soft_wrap=True, highlight=False)
        if wrong:
            raise typer.Exit(2)


@app.command()
def problems(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID…]", help="Problems by id, such as P01; the whole book by default."),
    ] = None,
    families: Families = None,
    replications: Annotated[int, typer.Option(help="Pairs of runs of every problem, each with its own people.")] = 20,
    seed: Annotated[int, typer.Option(help="Number that all draws depend on.")] = 1,
    carriers: Annotated[
        bool, typer.Option("--carriers", help="Run behavioural problems again without what is said to carry them.")
    ] = False,
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option(help="Folder for problems.csv; results/problems/TIME by default.")] = None,
    lang: Language = None,
) -> None:
    """Run the problem book: what sources say goes wrong, with and without what is said to cure it."""
    with _reported(lang):
        _at_least(1, families=families, threads=threads)
        _at_least(2, replications=replications)
        _at_least(0, seed=seed)
        from simulator.report import progress
        from simulator.scenario.problems import chosen
        from simulator.study.manifest import now
        from simulator.study.problems import BookInterrupted, run_problems

        folder = out or Path("results", "problems", f"{now():%Y-%m-%dT%H%M%S}")
        wanted = chosen(ids or [])
        try:
            with progress.shown(families or max(problem.families for problem in wanted)) as show:
                outcomes = run_problems(
                    wanted,
                    families=families,
                    replications=replications,
                    seed=seed,
                    carriers=carriers,
                    threads=threads,
                    progress=show,
                )
        except BookInterrupted as stop:
            _show_problems(stop.outcomes, folder)
            _err(say("problems.stopped", kept=sum(each.found is not None for each in stop.outcomes), asked=len(wanted)))
            raise typer.Exit(1) from None
        _show_problems(outcomes, folder)


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


@app.command("list")
def listed(
    folder: Annotated[Path | None, typer.Argument(help="Folder to look in; the packaged scenarios by default.")] = None,
    lang: Language = None,
) -> None:
    """List scenarios: title, form, rules, arms, number of claims."""
    with _reported(lang):
        from simulator.report.listing import listing

        _console().print(listing(folder), highlight=False)


@app.command()
def rules(
    name: Annotated[str | None, typer.Argument(help="A rule; all of them by default.")] = None,
    lang: Language = None,
) -> None:
    """List payment rules, settlements and benefit rules, or explain one."""
    with _reported(lang):
        from simulator.report.rule_pages import rule_page, rules_table

        for each in rule_page(name) if name else [rules_table()]:
            _console().print(each, highlight=False, markup=False)


@app.command()
def migrate(
    file: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
    write: Annotated[bool, typer.Option("--write", help="Change the file; by default the changes are shown.")] = False,
    lang: Language = None,
) -> None:
    """Bring a scenario file to the current version of the language; comments and layout stay."""
    with _reported(lang):
        from simulator.scenario.migrate import migrate as migrate_file

        changed = migrate_file(file, write)
        sys.stdout.write(changed)
        done = "migrate_nothing" if not changed else "migrate_done" if write else "migrate_would"
        _err(say(done, file=file))


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
        if not _tell_kept(getattr(stop, "results", None)):
            _err(say("cli.stopped"))
        raise typer.Exit(1) from None
    except Exception as error:
        _err(say("cli.failed", why=(str(error).strip() or type(error).__name__).splitlines()[0]))
        _tell_kept(getattr(error, "results", None))
        _err(say("cli.traceback", file=_keep_traceback(error)))
        raise typer.Exit(1) from None


def _complain(error: UserError) -> None:
    for one in error.all:
        _err(str(one))


def _warn(scenario: Any) -> None:
    for warning in scenario.warnings:
        _err(warning)


def _err(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _tell_kept(results: Any) -> bool:
    """Say how many replications a run kept that did not come to its end, if any, where, and how it can go on."""
    if results is None:
        return False
    kept, asked = (sum(map(len, results.manifest[which].values())) for which in ("finished", "asked"))
    folder = _near(results.folder)
    _err(say("cli.kept", kept=kept, asked=asked, folder=folder))
    _err(say("cli.resume", folder=folder))
    return True


def _typed(context: typer.Context) -> dict[str, str]:
    """What the user typed: names of parameters, as they stand in the command."""
    typed = [p for p in context.command.params if p.name and str(context.get_parameter_source(p.name)).endswith("LINE")]
    return {str(p.name): p.opts[0] if p.param_type_name == "option" else str(p.metavar) for p in typed}


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
    from simulator.report.claims import claims_table
    from simulator.report.table import tables

    console = _console()
    console.print(_title(scenario), style="bold", highlight=False)
    for made in (*tables(results, scenario.findings), *claims_table(results, scenario.claims)):
        console.print(made, highlight=False)
        console.print()
    console.print(say("cli.results", folder=_near(results.folder)), soft_wrap=True, highlight=False)


def _show_problems(outcomes: Any, folder: Path) -> None:
    """The table of the problem book and where it is kept; nothing where nothing was run to its end."""
    from simulator.report.problems import carriers_said, counted, problems_table
    from simulator.study.problems import write_tables

    if not outcomes:
        return
    console = _console()
    console.print(problems_table(outcomes), highlight=False)
    for text in filter(None, (counted(outcomes), carriers_said(outcomes))):
        console.print(text, highlight=False)
    try:
        files = write_tables(outcomes, folder)
    except OSError as error:
        raise UserError(say("study.out_unwritable", folder=folder, why=error.strerror or error)) from error
    for file in files:
        console.print(say("cli.results", folder=_near(file.absolute())), soft_wrap=True, highlight=False)


def main() -> None:
    """Entry point of the command."""
    app(prog_name="tiercare")
