"""How results show themselves in a notebook: one table, in the language spoken now."""

import html
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulator.core.messages import catalogue, language, say
from simulator.count.indicators.catalogue import INDICATORS
from simulator.study.run_tables import SHAPE
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

STYLE = "font-variant-numeric: tabular-nums; text-align: right"


def summary_html(
    summary: "pd.DataFrame", arms: Sequence[str], replications: int, scenario: Mapping[str, Any], folder: str
) -> str:
    """The last months of the whole place: the level of the first arm, and of each further arm the difference from it
    with half its 95 % interval where the run has the baseline, else its level; a star where the interval leaves out
    zero.

    Args:
        summary: of the results, as ``Results.summary``.
        arms: those that were finished.
        replications: how many were finished.
        scenario: its name and title, as the manifest has them.
        folder: name of the run's folder, shown where there is nothing for the whole place.
    """
    return "\n".join(_lines(summary, arms, replications, scenario, folder))


def _lines(
    summary: "pd.DataFrame", arms: Sequence[str], replications: int, scenario: Mapping[str, Any], folder: str
) -> Iterator[str]:
    whole = summary[(summary[[column.name for column in SHAPE]] == "").all(axis=1)]
    if whole.empty:
        yield f"<p>{_cell(folder)}</p>"
        return
    first, last = whole["period"].iloc[0].split("/")
    title = say("report.title", first=first, last=last, replications=replications)
    arms = sorted(arms, key=lambda arm: arm != BASELINE)
    yield f"<p><b>{_cell(_title(scenario))}</b><br>{_cell(title)}</p>"
    heads = (say("report.indicator"), *(_word("arm", arm) for arm in arms))
    yield "<table><thead><tr>" + "".join(f"<th>{_cell(head)}</th>" for head in heads) + "</tr></thead><tbody>"
    by_arm = {arm: whole[whole["arm"] == arm].set_index("indicator") for arm in arms}
    for indicator in dict.fromkeys(whole["indicator"]):
        cells = []
        for arm, table in by_arm.items():
            row = table.loc[indicator] if indicator in table.index else None
            against = arm != BASELINE and row is not None and not math.isnan(row["difference"])
            if row is None:
                cells.append("–")
            elif against:
                cells.append(_difference(*(float(row[c]) for c in ("difference", "diff_low", "diff_high"))))
            else:
                cells.append(f"{row['mean']:.4g}")
        name = _cell(_word("indicator", str(indicator)))
        yield f"<tr><td>{name}</td>" + "".join(f'<td style="{STYLE}">{_cell(cell)}</td>' for cell in cells) + "</tr>"
    note = f"<p>{_cell(say('report.arms_note'))}</p>" if BASELINE in arms and len(arms) > 1 else ""
    yield f"</tbody></table>{note}"


def _difference(mean: float, low: float, high: float) -> str:
    if math.isnan(low):
        return f"{mean:+.3g}"
    return f"{mean:+.3g} ± {mean - low:.2g}" + (" *" if low > 0 or high < 0 else "")


def _title(scenario: Mapping[str, Any]) -> str:
    title = scenario["title"]
    return title.get(language(), scenario["name"]) if isinstance(title, dict) else str(scenario["name"])


def _word(kind: str, name: str) -> str:
    if kind == "indicator" and name in INDICATORS:
        return INDICATORS[name].text.localized
    return catalogue(language()).get(f"{kind}.{name}", name)


def _cell(text: str) -> str:
    return html.escape(text)
