"""Checks of numbers on a page against the tables that they are tied to."""

import html
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from simulator.report.display import SCALE

DATA = re.compile(
    r"<data value=([^ ]+) data-table=([^ ]+) data-column=([^ ]+) data-row='([^']+)'((?: data-size)?)>([^<]+)</data>"
)


WORDS = ["arm", "indicator", "tier", "plan", "part", "alliance", "when", "column", "fact", "period", "from", "to"]
WORDS += ["stage", "of", "years", "by", "group", "term", "against", "outcome", "actor", "unit"]


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """A table of a run folder, words as texts."""
    read = pd.read_csv(folder / f"{name}.csv", dtype=dict.fromkeys(WORDS, "object"))
    return read.fillna({word: "" for word in WORDS if word in read})


def check_tied(tied: Sequence[tuple[str, ...]], table: Callable[[str], pd.DataFrame]) -> None:
    """Every number stands in one row of its table, and is shown as what stands there."""
    tables = {name: table(name) for name in {each[1] for each in tied}}
    indexed = {}
    for value, name, column, row, size, shown in tied:
        picks = json.loads(html.unescape(row))
        keys = tuple(picks)
        if (name, keys) not in indexed:
            indexed[name, keys] = tables[name].set_index(list(keys)).sort_index()
        found = indexed[name, keys].loc[[tuple(picks.values()) if len(keys) > 1 else next(iter(picks.values()))]]
        assert len(found) == 1, (name, picks)
        assert found[column].iloc[0] == pytest.approx(float(value), rel=1e-9, abs=1e-12), (name, picks, column)
        digits = shown.replace(",", "").replace("−", "-")
        written = re.match(r"(?:= )?([-+]?[\d.]+)", digits)[1].rstrip(".")
        number, places = float(written), len(written.partition(".")[2])
        scales = (1.0, SCALE["share"])
        exact = abs(float(value)) if size else float(value)
        assert any(abs(number - exact * s) <= 0.5000001 * 10**-places for s in scales), (shown, value)


def section(text: str, name: str) -> str:
    """One section of a page."""
    start = re.search(rf'<section[^>]* id="{name}"', text).start()
    return text[start : text.index("</section>", start)]


def untied(text: str, name: str) -> list[str]:
    """Numbers of a section that are tied to nothing, its headings, notes and row heads apart."""
    rest = re.sub(DATA, "", section(text, name))
    for tag in (
        r'<p class="(?:note|question|lead|sub|score|aim)">.*?</p>',
        r"<svg.*?</svg>",
        r"<summary>.*?</summary>",
        r"<h\d[^>]*>.*?</h\d>",
        r"<(?:th|ul)\b.*?</(?:th|ul)>",
    ):
        rest = re.sub(tag, "", rest, flags=re.DOTALL)
    return re.findall(r"\d+", re.sub(r"<[^>]+>", " ", rest).replace("95\u00a0% interval", ""))
