"""What explains a difference, as a table in the run folder and back."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.study.explain.parts import Share
from simulator.study.explain.switches import ALL, Explained, Without
from simulator.study.results import Results
from simulator.study.summary import SERIES

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "report"
WHOLE = ["arm", *SERIES[1:]]
"""Columns that say which difference of the indicator is explained."""
WORDS = [*WHOLE, "by", "group", "term", "first", "last"]
COLUMNS = [*WHOLE, "by", "group", "term", "mean", "low", "high", "first", "last", "replications", "families"]
TOGETHER = "together"
"""In the place of a group, the sum over groups."""
SOME = 0.02
"""Part of the level below which a difference is too small to speak of shares of it."""


def name_of(indicator: str) -> str:
    """Name of the table of an indicator, without its ending."""
    return f"explain.{indicator}"


def frame(found: Explained) -> "pd.DataFrame":
    """Columns arm, tier, plan, part, alliance, by, group, term, mean, low, high, first, last, replications, families.

    ``by`` is ``whole`` (terms ``level`` of the baseline and ``difference``), ``mechanism`` (``without``, ``carries``
    and ``share``, what it carries of the difference, where that is large enough), or ``tier``, ``age``, ``income``
    (``mix``, ``level``). Means and intervals are in the indicator's unit.
    """
    import pandas as pd

    about = (found.arm, *found.series[1:])
    over = (found.first, found.last, found.replications, found.families)
    return pd.DataFrame([(*about, *row, *over) for row in _rows(found)], columns=COLUMNS)


def _rows(found: Explained) -> Iterator[tuple[Any, ...]]:
    alone = (math.nan, math.nan)
    yield "whole", "", "level", found.level, *alone
    yield "whole", "", "difference", *found.difference
    for each in found.without:
        yield "mechanism", each.switch, "without", *each.difference
        yield "mechanism", each.switch, "carries", *each.carries
        if is_explained(found):
            yield "mechanism", each.switch, "share", each.carries[0] / found.difference[0], *alone
    for share in found.shares:
        yield share.by, share.group, "mix", *share.mix
        yield share.by, share.group, "level", *share.level
    for by in dict.fromkeys(share.by for share in found.shares):
        for effect in ("mix", "level"):
            total = math.fsum(getattr(share, effect)[0] for share in found.shares if share.by == by)
            yield by, TOGETHER, effect, total, *alone


def is_explained(found: Explained) -> bool:
    """Whether the difference is large or sure enough to speak of shares of it."""
    mean, low, high = found.difference
    return mean != 0 and (abs(mean) > SOME * abs(found.level) or low > 0 or high < 0)


def keep(results: Results, found: Explained) -> Path:
    """Write the table into the run folder, beside what it holds of other arms and parts of the place."""
    return put(results, name_of(found.series[0]), frame(found))


def put(results: Results, name: str, made: "pd.DataFrame") -> Path:
    """Write a table about one difference into the run folder, in the place of what its file holds about the same."""
    import pandas as pd

    file = results.folder / FOLDER / f"{name}.csv"
    file.parent.mkdir(exist_ok=True)
    if file.is_file():
        old = read(file)
        mine = (old[WHOLE] == made[WHOLE].iloc[0].tolist()).all(axis=1)
        made = pd.concat([old[~mine], made]) if not mine.all() else made
    made.to_csv(file, index=False)
    return file


def kept(folder: Path) -> Iterator[Explained]:
    """All that was explained of the run in ``folder``."""
    for file in sorted((folder / FOLDER).glob(f"{name_of('*')}.csv")):
        indicator = file.stem.partition(".")[2]
        for key, rows in read(file).groupby(WHOLE, sort=False):
            yield _explained(indicator, key, rows)


def read(file: Path) -> "pd.DataFrame":
    """A table that ``put`` has written."""
    import pandas as pd

    return pd.read_csv(file, dtype=dict.fromkeys(WORDS, str)).fillna(dict.fromkeys(WORDS, ""))


def _explained(indicator: str, key: Any, rows: "pd.DataFrame") -> Explained:
    ends: dict[Any, tuple[float, float, float]] = {
        (by, group, effect): (mean, low, high)
        for by, group, effect, mean, low, high in rows[COLUMNS[5:11]].itertuples(index=False, name=None)
    }
    arm, *where = key
    one = rows.iloc[0]
    switches = [group for by, group, effect in ends if by == "mechanism" and effect == "without"]
    return Explained(
        arm,
        (indicator, *where),
        one["first"],
        one["last"],
        int(one["replications"]),
        int(one["families"]),
        ends["whole", "", "level"][0],
        ends["whole", "", "difference"],
        [Without(name, *(ends["mechanism", name, effect] for effect in ("without", "carries"))) for name in switches],
        [
            Share(by, group, ends[by, group, "mix"], ends[by, group, "level"])
            for by, group, effect in ends
            if by not in ("whole", "mechanism") and group != TOGETHER and effect == "mix"
        ],
    )


__all__ = ["ALL", "FOLDER", "TOGETHER", "frame", "is_explained", "keep", "kept", "name_of", "put", "read"]
