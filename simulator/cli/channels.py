"""What each channel of an alliance does to a difference, for the commands that ask."""

from typing import Any

from simulator.cli.output import console, err, near_here
from simulator.core.messages import say


def show_channels(results: Any, arm: str, series: Any, asked: tuple[int | None, int | None, int | None]) -> None:
    """Take a difference apart by channel, on the screen and in the run folder; ``asked`` are replications, families and
    threads.

    Raises:
        UserError: the arm forms no alliance.
        OSError: nothing can be written there.
    """
    from simulator.report.by_channel import channel_tables
    from simulator.report.display import titles
    from simulator.report.progress import duration
    from simulator.report.steps import shown_steps
    from simulator.study.explain.by_channel import by_channel, takes
    from simulator.study.explain.channel_table import keep

    time = takes(results, arm, *asked)
    words = {"runs": time.runs, "replications": time.replications, "families": f"{time.families:,}"}
    err(say("channels.takes", arm=arm, time=duration(time.seconds), **words))
    with shown_steps(say("channels.running")) as progress:
        found = by_channel(results, arm, series, *asked, progress)
    screen = console()
    with titles(results.manifest["scenario"]["resolved"]):
        for each in channel_tables(found):
            screen.print(each, highlight=False)
    err(say("cli.table", file=near_here(keep(results, found).absolute())))
