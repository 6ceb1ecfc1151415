"""How commands speak: mistakes in one line with an exit code, warnings, where something was kept."""

import contextlib
import sys
import tempfile
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Any

import typer

from simulator.core.errors import UserError, near
from simulator.core.messages import LANGUAGES, say, use


@contextlib.contextmanager
def reported(lang: str | None) -> Generator[None]:
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
        complain(error)
        raise typer.Exit(2) from None
    except KeyboardInterrupt as stop:
        if not tell_kept(getattr(stop, "results", None)):
            err(say("cli.stopped"))
        raise typer.Exit(1) from None
    except Exception as error:
        err(say("cli.failed", why=(str(error).strip() or type(error).__name__).splitlines()[0]))
        tell_kept(getattr(error, "results", None))
        err(say("cli.traceback", file=keep_traceback(error)))
        raise typer.Exit(1) from None


@contextlib.contextmanager
def writing(place: Path) -> Generator[None]:
    """Say of a file or folder that cannot be written to what stood in the way."""
    try:
        yield
    except OSError as error:
        raise UserError(say("study.out_unwritable", folder=place, why=error.strerror or error)) from error


def typed(context: typer.Context) -> dict[str, str]:
    """What the user typed: names of parameters, as they stand in the command."""
    found = [p for p in context.command.params if p.name and str(context.get_parameter_source(p.name)).endswith("LINE")]
    return {str(p.name): p.opts[0] if p.param_type_name == "option" else str(p.metavar) for p in found}


def complain(error: UserError) -> None:
    """Every mistake of an input on a line of its own."""
    for one in error.all:
        err(str(one))


def warn(scenario: Any) -> None:
    """What a scenario says that will have no effect."""
    for warning in scenario.warnings:
        err(warning)
    for doubt in scenario.doubts:
        err(str(doubt))


def err(line: str) -> None:
    """A line on the error stream."""
    print(line, file=sys.stderr, flush=True)


def tell_kept(results: Any) -> bool:
    """Say how many replications a run kept that did not come to its end, if any, where, and how it can go on."""
    if results is None:
        return False
    kept, asked = (sum(map(len, results.manifest[which].values())) for which in ("finished", "asked"))
    folder = near_here(results.folder)
    err(say("cli.kept", kept=kept, asked=asked, folder=folder))
    err(say("cli.resume", folder=folder))
    return True


def near_here(folder: Path) -> Path:
    """The folder as seen from here, where it lies below."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def keep_traceback(error: Exception) -> Path:
    """Write a traceback, a worker's own where there is one, to a file of its own; its path."""
    trace = getattr(error, "trace", "") or "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile("w", prefix="tiercare-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(trace)
    return Path(file.name)


def at_least(least: int, **values: int | None) -> None:
    """Raises UserError for a number that is too small."""
    for name, value in values.items():
        if value is not None and value < least:
            raise UserError(say("study.too_small", name=name, least=least, value=value))


def paired_sizes(families: int | None, replications: int | None, seed: int, threads: int | None) -> None:
    """Raises UserError where paired runs cannot be of this size: an interval needs two of them."""
    at_least(1, families=families, threads=threads)
    at_least(2, replications=replications)
    at_least(0, seed=seed)


def console() -> Any:
    """Where tables are printed."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 200)


def title_of(scenario: Any) -> str:
    """Title of a scenario in the language spoken now."""
    from simulator.core.messages import language

    return getattr(scenario.title, language())
