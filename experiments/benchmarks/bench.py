"""How fast the simulator is, how much memory a family takes, how long it takes to start: beside an older commit and
beside other models. See question.md.

Every measurement is a process of its own. Rounds go through all cases in turn, so that a machine that warms up or is
busy for a while slows all of them alike; what is reported is the median over rounds, with the range.
"""

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from experiments.benchmarks.cases import BEFORE, BEFORE_COMMIT, CORES, NOW, Case, Sample, chosen, rounds, sides
from experiments.benchmarks.checkout import BUILD, ROOT, NoCommit, commit_at_hand
from experiments.benchmarks.tables import markdown, renew

OUT = ROOT / "results" / "benchmarks"
PAGE = ROOT / "docs" / "performance.md"
PACKAGES = ("numba", "llvmlite", "numpy", "mesa", "pandas", "pyarrow")


def machine() -> dict[str, Any]:
    """What the figures depend on; nothing that names the machine or its owner."""
    from simulator import __version__

    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": CORES,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "tiercare": __version__,
        "commit": commit_at_hand(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


Taken = tuple[Case, str, Sample]
"""A case, the side that was measured, and what was found."""


def summarise(taken: Iterable[Taken]) -> list[dict[str, Any]]:
    """One row for each case, quantity and side: median, lowest and highest over rounds, and all values."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for case, side, sample in taken:
        for quantity, value in sample.items():
            found.setdefault((case.name, quantity, side), []).append(value)
    return [
        {
            "case": case,
            "quantity": quantity,
            "side": side,
            "median": statistics.median(values),
            "lowest": min(values),
            "highest": max(values),
            "values": values,
        }
        for (case, quantity, side), values in found.items()
    ]


def measured(samples: Iterable[Taken]) -> tuple[list[Taken], bool]:
    """The samples, and whether they are all: Ctrl-C ends the measuring and keeps what there is."""
    taken: list[Taken] = []
    try:
        for sample in samples:
            taken.append(sample)
    except KeyboardInterrupt:
        print(f"interrupted: tables of {len(taken)} measurements", file=sys.stderr)
        return taken, False
    return taken, True


def main() -> None:
    """Measure, write the tables to results/benchmarks/, and renew the page of a full run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="what takes minutes as well: a million families, studies")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: 5)")
    parser.add_argument("--only", nargs="+", default=[], metavar="BEGINNING", help="cases whose names begin so")
    parser.add_argument("--alone", action="store_true", help=f"without commit {BEFORE_COMMIT} beside it")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="without Covasim and Starsim")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the tables (default: results/benchmarks)")
    options = parser.parse_args()
    cases = chosen(options.full, options.only)
    if not cases:
        parser.error(f"no case begins with {' or '.join(options.only)}")
    BUILD.mkdir(parents=True, exist_ok=True)
    try:
        asked = sides(options.alone, options.peers and any("peers" in case.only for case in cases))
    except NoCommit as missing:
        parser.error(str(missing))
    made = machine()
    for name in (NOW, BEFORE):
        if name in asked:
            print(f"what is compiled at the first call ({name})", file=sys.stderr, flush=True)
            asked[name].measure(Case("compiled", "compiled"))
    samples, whole = measured(rounds(options.rounds, cases, asked))
    date = datetime.now(UTC).date().isoformat()
    words = (
        f"bench.py --only {' '.join(options.only)}" if options.only else f"make bench{'' if options.full else ' FULL='}"
    )
    report = {
        "date": date, "command": words, "rounds": options.rounds, "machine": made, "before": BEFORE_COMMIT,
        "rows": summarise(samples),
    }  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    name = f"{date}-{made['system'].lower().replace(' ', '-')}-{made['cores']}-cores"
    if options.only:
        name += "-" + options.only[0].split()[0]
    file = options.out / f"{name}.json"
    file.write_text(json.dumps(report, indent=1) + "\n")
    file.with_suffix(".md").write_text(markdown(report))
    print(markdown(report))
    print(file.with_suffix(".md"))
    if whole and options.full and not options.only:
        PAGE.write_text(renew(PAGE.read_text(encoding="utf-8"), report, file), encoding="utf-8")
        print(PAGE)


if __name__ == "__main__":
    main()
