"""The page of an ensemble, from the tables of its folder: ``python -m simulator.calibrate.page [FOLDER]`` writes
docs/ensemble.md for the one that is shipped."""

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from simulator.calibrate.files import ABOUT, PARAMETERS, TARGETS, TIES, WAVES
from simulator.core.behaviour import FOLDER
from simulator.study.ensemble import ENSEMBLE

PAGE = "ensemble.md"
SHIPPED = FOLDER / "prototype" / ENSEMBLE
DOCS = FOLDER.parents[1] / "docs" / PAGE
UNKNOWN = 0.1
"""Shrinkage below which the targets say next to nothing of a parameter."""
MISPREDICTED = 0.05
SHOWN = 15
"""Ties that the page lists."""

type Row = dict[str, str]


def write_page(folder: Path, to: Path | None = None) -> None:
    """Write the page beside the tables, or to another file."""
    (to or folder / PAGE).write_text(page(folder), encoding="utf-8")


def page(folder: Path) -> str:
    """The text of the page."""
    about = yaml.safe_load((folder / ABOUT).read_text(encoding="utf-8"))
    parameters, targets, waves, ties = (_rows(folder / name) for name in (PARAMETERS, TARGETS, WAVES, TIES))
    parts = [
        _made(about, waves), _levels(about, targets), _priors(parameters), _informed(parameters, targets), _ties(ties),
    ]  # fmt: skip
    return "\n".join(line for part in parts for line in part) + "\n"


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _made(about: dict[str, str], waves: list[Row]) -> Iterator[str]:
    """How it was made."""
    yield "# The ensemble"
    yield ""
    yield "<!-- written by python -m simulator.calibrate.page -->"
    yield ""
    yield (
        f"{about['sets']} equally likely sets of {about['parameters']} parameters that {about['targets']} targets do "
        f"not "
        "tell apart. Replication r of `tiercare run` and `tiercare compare` takes set r, the same in all arms, so that "
        "intervals carry what is not known of the parameters; `--parameters one` keeps the one set of "
        "`simulator/behaviour/prototype/`. What a scenario says of a value itself comes on top. Which tables stand "
        "behind "
        "this page: `simulator/behaviour/prototype/ensemble/`."
    )
    yield ""
    yield "## How it was made"
    yield ""
    yield (
        f"`{about['command']}`, {about['made']}, version {about['version']}, commit `{about['commit']}`. Priors and "
        "targets stand in [calibration.yaml](../experiments/calibration/calibration.yaml) and were fixed before the "
        "first "
        "fit; how the method works is told in its [question](../experiments/calibration/question.md)."
    )
    yield ""
    yield (
        f"Screening took {about['screening_runs']} runs of {int(about['screening_families']):,} families, each wave "
        f"runs "
        f"of {int(about['wave_families']):,} families on {about['samples']} samples of people. A point is given up "
        f"where "
        f"its implausibility number {about['ranked']} from the worst on is above {about['cutoff']}. The posterior is "
        f"worth "
        f"{about['independent']} independent sets ({float(about['moves_taken']):.0%} of moves taken). It was walked "
        f"{about['rounds']} time(s): after each but the last, emulators learned from the runs of its first "
        f"{about['checked']} sets."
    )
    yield ""
    rows = [
        (
            row["wave"], row["runs"], _share(row["retained"]), f"{float(row['reached']):.2f}",
            f"{float(row['told']):.0%}",
            f"{row['usable']} of {row['of']}",
        )
        for row in waves
    ]  # fmt: skip
    yield from _table(
        (
            "wave",
            "runs",
            "left of the prior",
            "at implausibility",
            "variance told (median)",
            "emulators that hold",
        ),
        rows,
    )
    yield ""
    yield (
        "What is told is measured on runs left out; an emulator holds where at most one in twenty of these lies "
        "beyond three "
        "of its standard deviations. One that tells little is wide and gives little up."
    )
    yield ""


def _levels(about: dict[str, str], targets: list[Row]) -> Iterator[str]:
    """Levels in the posterior mean."""
    inside = sum(row["inside"] == "True" for row in targets)
    yield "## Levels in the posterior mean"
    yield ""
    yield (
        f"The first {about['checked']} sets were run with {int(about['check_families']):,} families: **{inside} of "
        f"{len(targets)} targets lie within their tolerance** in the mean. Bold ones do not. These levels were "
        f"fitted to "
        "and are no evidence for the model."
    )
    yield ""
    rows = []
    for row in targets:
        mean = _figure(row["checked"])
        rows.append(
            (
                row["name"], _what(row), row["year"], f"{_figure(row['level'])} ± {_figure(row['tolerance'])}",
                mean if row["inside"] == "True" else f"**{mean}**",
                f"{_figure(row['checked_low'])} to {_figure(row['checked_high'])}", _figure(row["emulated"]),
                row["evidence"],
            )
        )  # fmt: skip
    yield from _table(
        ("target", "what", "year", "measured ± tolerance", "runs, mean", "runs, 95 %", "emulated", "evidence"), rows
    )
    yield ""
    off = [row for row in targets if row["inside"] != "True"]
    if off:
        yield "What the others are off by, against the standard deviation that was thought the model might leave out:"
        yield ""
        for row in off:
            gap = float(row["checked"]) - float(row["level"])
            yield (
                f"- `{row['name']}`: {gap:+.3g}, {abs(gap) / float(row['tolerance']):.1f} times its tolerance "
                f"(discrepancy "
                f"{_figure(row['discrepancy'])})" + (f"; {row['note']}" if row["note"] else "") + "."
            )
        yield ""
    if since := about.get("since"):
        yield f"**Since then**: {since}"
        yield ""


def _priors(parameters: list[Row]) -> Iterator[str]:
    """From prior to posterior."""
    unknown = [f"`{row['name']}`" for row in parameters if float(row["shrinkage"]) < UNKNOWN]
    yield "## From prior to posterior"
    yield ""
    yield (
        "Shrinkage is how much narrower the posterior is than the prior, by their standard deviations: 0 % means "
        "that no "
        "target speaks of the parameter, 100 % that it is known. The prior's shape and source stand in the study."
    )
    yield ""
    rows = [
        (
            f"`{row['name']}`", f"{_figure(row['low'])} to {_figure(row['high'])}{_unit(row)}", row["shape"],
            _figure(row["before"]), _figure(row["mean"]),
            f"{_figure(row['posterior_low'])} to {_figure(row['posterior_high'])}",
            f"{max(0.0, float(row['shrinkage'])):.0%}",
        )
        for row in parameters
    ]  # fmt: skip
    yield from _table(("parameter", "prior", "shape", "the one set", "posterior mean", "95 %", "shrinkage"), rows)
    yield ""
    yield (
        f"**Not identified**: of {len(unknown)} of {len(parameters)} parameters the targets say next to nothing "
        f"(shrinkage "
        f"below {UNKNOWN:.0%}): {', '.join(unknown) or '–'}. They keep their priors, and what hangs on them is as wide."
    )
    yield ""


def _informed(parameters: list[Row], targets: list[Row]) -> Iterator[str]:
    """Which targets inform which parameters."""
    yield "## Which target speaks of which parameter"
    yield ""
    yield (
        "Targets that a parameter moves, over its whole range, by more than the standard deviation that they are "
        "known to, "
        "the strongest first (elementary effects of the screening)."
    )
    yield ""
    rows = [(f"`{row['name']}`", ", ".join(row["informed_by"].split()) or "none") for row in parameters]
    yield from _table(("parameter", "targets"), rows)
    yield ""
    named = {name for row in parameters for name in row["informed_by"].split()}
    silent = [row["name"] for row in targets if row["name"] not in named]
    if silent:
        yield f"Targets that are nobody's first three: {', '.join(silent)}."
        yield ""


def _ties(ties: list[Row]) -> Iterator[str]:
    """Parameters that are known together only."""
    yield "## What is known together only"
    yield ""
    if not ties:
        yield "No two parameters are correlated by more than 0.4 in the posterior."
        return
    yield "Pairs whose posterior correlation is largest: of each pair, more of one may stand for the other."
    yield ""
    rows = [(f"`{row['one']}`", f"`{row['other']}`", f"{float(row['correlation']):+.2f}") for row in ties[:SHOWN]]
    yield from _table(("one", "other", "correlation"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(row) + " |" for row in rows)


def _what(row: Row) -> str:
    """A target in words of the results."""
    words = [row["indicator"].replace("_", " "), row["tier"], row["plan"], row["part"].replace("_", " ")]
    text = " ".join(word for word in words if word)
    if row["elasticity"]:
        return f"elasticity of {text} in {row['elasticity'].replace('_', ' ')}"
    return f"{text}, ratio" if row["ratio"] == "True" else text


def _unit(row: Row) -> str:
    return f" {row['unit']}" if row["unit"] else ""


def _figure(text: Any) -> str:
    """A number in three significant digits, four in front of the point."""
    if text in ("", None):
        return "–"
    value = float(text)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _share(text: str) -> str:
    value = float(text)
    return f"{value:.1%}" if value >= 0.01 else f"{value:.1e}"


def main() -> None:
    """Write docs/ensemble.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHIPPED)
    write_page(parser.parse_args().folder, DOCS)


if __name__ == "__main__":
    main()
