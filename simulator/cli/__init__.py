"""The command ``tiercare``. Exit codes: 0 done, 2 the input is wrong, 1 it failed or was stopped.

A file for each group of commands, in the order in which ``tiercare --help`` lists them. Whatever is slow to import is
imported where it is used, so that the help answers at once.
"""

from simulator.cli import run, compare, report, check, costs, sweep, analysis, calibrate, trace, explain  # noqa: F401, I001
from simulator.cli import figures, problems, systems, validate, verify, diff, library, demo  # noqa: F401
from simulator.cli import help
from simulator.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of the command."""
    help.run(app, "tiercare")
