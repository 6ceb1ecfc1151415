"""The command itself, to which each file of this folder adds its own."""

from typing import Annotated

import typer

app = typer.Typer(
    name="tiercare",
    help="Simulate tiered health care in China and how it is paid.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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
