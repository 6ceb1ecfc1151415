"""How results show themselves in a notebook: one table, in the language spoken now."""

import html
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.core.messages import catalogue, language, say
from simulator.count.indicators.catalogue import INDICATORS
from simulator.study.summary import BASELINE
from simulator.study.tables import SHAPE

if TYPE_CHECKING:
    from simulator.study.results import Results

STYLE = "font-variant-numeric: tabular-nums; text-align: right"


def summary_html(results: "Results") -> str:
    """The last months of the whole place: the level of the first arm, and of each further arm the difference from it
    with half its 95 % interval where the run has the baseline, else its level; a star where the interval leaves out
    zero."""
    return "\n".join(_lines(results))


def _lines(results: "Results") -> Iterator[str]:
    summary = results.summary
    whole = summary[(summary[[column.name for column in SHAPE]] == "").all(axis=1)]
    if whole.empty:
        yield f"<p>{_cell(results.folder.name)}</p>"
        return
    first, last = whole["period"].iloc[0].split("/")
    title = say("report.title", first=first, last=last, replications=results.replications)
    arms = sorted(results.arms, key=lambda arm: arm != BASELINE)
    yield f"<p><b>{_cell(_scenario(results))}</b><br>{_cell(title)}</p>"
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


def _scenario(results: "Results") -> str:
    scenario = results.manifest["scenario"]
    title = scenario["title"]
    return title.get(language(), scenario["name"]) if isinstance(title, dict) else str(scenario["name"])


def _word(kind: str, name: str) -> str:
    if kind == "indicator" and name in INDICATORS:
        return INDICATORS[name].text.said
    return catalogue(language()).get(f"{kind}.{name}", name)


def _cell(text: str) -> str:
    return html.escape(text)
