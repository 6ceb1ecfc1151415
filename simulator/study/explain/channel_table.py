"""What each channel of an alliance does to a difference, as a table in the run folder and back."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.study.explain.by_channel import ByChannel, OneChannel
from simulator.study.explain.difference_table import COLUMNS, FOLDER, WHOLE, put, read
from simulator.study.results import Results

if TYPE_CHECKING:
    import pandas as pd

TERMS = ("adds", "carries")


def name_of(indicator: str) -> str:
    """Name of the table of an indicator, without its ending."""
    return f"channels.{indicator}"


def frame(found: ByChannel) -> "pd.DataFrame":
    """Columns as of `difference_table.frame`; ``by`` is ``whole`` (terms ``level`` of the baseline, ``difference``, and
    ``none``, the difference without any channel) or ``channel`` (``adds``, ``carries``)."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = [
        ("whole", "", "level", found.level, math.nan, math.nan),
        ("whole", "", "difference", *found.difference),
        ("whole", "", "none", *found.none),
    ]
    rows += [("channel", each.channel, term, *getattr(each, term)) for each in found.channels for term in TERMS]
    about = (found.arm, *found.series[1:])
    over = (found.first, found.last, found.replications, found.families)
    return pd.DataFrame([(*about, *row, *over) for row in rows], columns=COLUMNS)


def keep(results: Results, found: ByChannel) -> Path:
    """Write the table into the run folder, beside what it holds of other arms and parts of the place."""
    return put(results, name_of(found.series[0]), frame(found))


def kept(folder: Path) -> Iterator[ByChannel]:
    """All that was taken apart by channel of the run in ``folder``."""
    for file in sorted((folder / FOLDER).glob(f"{name_of('*')}.csv")):
        for key, rows in read(file).groupby(WHOLE, sort=False):
            yield _by_channel(file.stem.partition(".")[2], key, rows)


def _by_channel(indicator: str, key: Any, rows: "pd.DataFrame") -> ByChannel:
    ends: dict[Any, tuple[float, float, float]] = {
        (group, term): (mean, low, high)
        for group, term, mean, low, high in rows[COLUMNS[6:11]].itertuples(index=False, name=None)
    }
    arm, *where = key
    one = rows.iloc[0]
    names = [group for group, term in ends if term == "adds"]
    return ByChannel(
        arm, (indicator, *where), one["first"], one["last"], int(one["replications"]), int(one["families"]),
        ends["", "level"][0], ends["", "difference"], ends["", "none"],
        [OneChannel(name, *(ends[name, term] for term in TERMS)) for name in names],
    )  # fmt: skip
