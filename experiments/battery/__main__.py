"""Run the battery: ``python -m experiments.battery``. See question.md.

What a replication gave is kept beside the page as it is finished; a run that was stopped goes on from there.
"""

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from experiments.battery.language import read
from experiments.battery.measure import replicate
from experiments.battery.page import Levels, page, rows

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("battery.yaml")
OUT = ROOT / "results" / "battery" / "now.md"
BETWEEN = "/"
"""Between the words of a series in the file of values."""


def kept(file: Path, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Replications that an earlier run of the same settings has finished."""
    if not file.exists():
        return []
    there = json.loads(file.read_text(encoding="utf-8"))
    return there["replications"] if there["asked"] == asked else []


def _hash(scenario: Any) -> str:
    """Hash of all that a scenario says, files that it extends included."""
    return hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()[:16]


def as_levels(replication: dict[str, Any]) -> Levels:
    """Values as kept, by arm and series."""
    return {
        arm: {tuple(series.split(BETWEEN)): value for series, value in values.items()}
        for arm, values in replication.items()
    }


def main() -> None:
    """Run what is asked for, print the page and write it."""
    from simulator import load
    from simulator.core.jit import source_hash
    from simulator.study.inputs import data_hash

    battery = read(FILE)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=battery.families)
    parser.add_argument("--replications", type=int, default=battery.replications)
    parser.add_argument("--months", type=int, default=battery.months, help="reported months of most shocks")
    parser.add_argument("--only", nargs="+", default=[*battery.shocks], choices=[*battery.shocks], metavar="SHOCK")
    parser.add_argument(
        "--set", nargs="+", default=[], metavar="PATH=VALUE", dest="changes", help="changes to the base"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="page to write; values go beside it")
    options = parser.parse_args()
    battery = battery.model_copy(update={"months": options.months})
    scenario: Any = load(ROOT / battery.scenario, options.changes, families=options.families)
    asked = {
        "families": options.families, "months": options.months, "changes": options.changes,
        "shocks": [battery.shocks[name].model_dump(mode="json") for name in options.only],
        "program": source_hash(), "data": data_hash(), "scenario": _hash(scenario),
    }  # fmt: skip
    values = options.out.with_suffix(".json")
    done = kept(values, asked)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    for number in range(len(done), options.replications):
        found: dict[str, Any] = {}
        for arm, levels in replicate(battery, scenario, number, tuple(options.only)):
            found[arm] = {BETWEEN.join(series): value for series, value in levels.items()}
            print(f"replication {number}, {arm}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        done.append(found)
        values.write_text(json.dumps({"asked": asked, "replications": done}, indent=1) + "\n", encoding="utf-8")
    settings = f"{options.families:,} families, {len(done)} replications, {options.months} months"
    text = page(battery, rows(battery, [as_levels(each) for each in done]), settings)
    options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
