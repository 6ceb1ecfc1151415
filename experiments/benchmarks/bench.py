"""How fast the simulator is, how much memory a family takes, how long it takes to start. See question.md.

Every measurement is a process of its own. Rounds go through all cases in turn, so that a machine that warms up or is
busy for a while slows all of them alike; what is reported is the median over rounds, with the range.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "results" / "benchmarks"
MONTHS = {10_000: 12, 100_000: 6, 1_000_000: 3}
SMALL = 500  # families of the run that imports and compiles before anything is measured
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

Sample = dict[str, float]


# What a child process measures


def build(families: int, engine: str, threads: int) -> Any:
    """A model of the base prefecture, before its first month."""
    from simulator import HealthSystem, load

    people = max(1_500_000, 3 * families)  # a sample is never larger than the place
    scenario = load("base", changes=[f"population.people={people}"], families=families)
    return HealthSystem(scenario, engine=engine, threads=threads, seed=1)


def resident() -> int:
    """Bytes of this process in memory now; on systems without /proc the peak so far."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def measure_speed(families: int, engine: str, threads: int) -> Sample:
    """Family-months per second after a month of warming up, seconds to build, and growth of the process."""
    build(SMALL, engine, threads).step()
    before = resident()
    start = time.perf_counter()
    model = build(families, engine, threads)
    built = time.perf_counter() - start
    model.step()
    grown = resident() - before
    months = MONTHS[families]
    start = time.perf_counter()
    for _ in range(months):
        model.step()
    seconds = time.perf_counter() - start
    return {
        "family_months_per_second": families * months / seconds,
        "build_seconds": built,
        "resident_bytes_per_family": grown / families,
    }


def measure_arrays(families: int, engine: str, threads: int) -> Sample:
    """Bytes of all live NumPy arrays after a month: NumPy reports its memory to tracemalloc, under its own domain."""
    import numpy as np

    build(SMALL, engine, threads).step()
    tracemalloc.start()
    model = build(families, engine, threads)
    model.step()
    arrays = tracemalloc.take_snapshot().filter_traces([tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)])
    return {"array_bytes_per_family": sum(trace.size for trace in arrays.traces) / families}


def measure_first_month() -> Sample:
    """Seconds to import, build a small model and simulate one month: with an empty cache this compiles every rule."""
    start = time.perf_counter()
    build(SMALL, "fast", 1).step()
    return {"seconds": time.perf_counter() - start}


def measure_month(families: int, rules: str) -> Sample:
    """What a month costs by phase, optional rules ``off`` or ``on``; see `phases`."""
    sys.path.insert(0, str(ROOT))
    from experiments.benchmarks.phases import measure_phases

    return measure_phases(families, rules)


CHILDREN: dict[str, Callable[..., Sample]] = {
    "speed": measure_speed,
    "month": measure_month,
    "arrays": measure_arrays,
    "first_month": measure_first_month,
}


# What the parent asks for


def child(kind: str, cache: Path | None = None, **arguments: Any) -> Sample:
    """Run one measurement in a fresh process; its failure ends the benchmark."""
    environment = dict(os.environ) | ({"TIERCARE_CACHE": str(cache)} if cache else {})
    words = [sys.executable, __file__, "--child", json.dumps([kind, arguments])]
    done = subprocess.run(words, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def command_seconds(*words: str) -> Sample:
    """Wall time of a whole command."""
    start = time.perf_counter()
    subprocess.run(words, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return {"seconds": time.perf_counter() - start}


def first_month_cold() -> Sample:
    """The first month where nothing is compiled yet."""
    with tempfile.TemporaryDirectory() as cache:
        return child("first_month", cache=Path(cache))


def cases(full: bool) -> dict[str, Callable[[], Sample]]:
    """Everything to measure, by name, in the order of a round."""
    sizes = [families for families in MONTHS if full or families < 1_000_000]
    asked: dict[str, Callable[[], Sample]] = {}

    def ask(kind: str, families: int, engine: str, threads: int) -> None:
        name = f"{kind}, {engine} engine, {families:,} families, {threads} thread{'s' if threads > 1 else ''}"
        asked[name] = lambda: child(kind, families=families, engine=engine, threads=threads)

    for families in sizes:
        for threads in sorted({1, CORES}):
            ask("speed", families, "fast", threads)
    for rules in ("off", "on"):
        name = f"month, fast engine, 20,000 families, optional rules {rules}"
        asked[name] = lambda rules=rules: child("month", families=20_000, rules=rules)
    ask("speed", 10_000, "agents", 1)
    ask("arrays", 100_000, "fast", 1)
    python = sys.executable
    tiercare = Path(python).with_name("tiercare")
    asked["start, python alone"] = lambda: command_seconds(python, "-c", "pass")
    asked["start, import simulator"] = lambda: command_seconds(python, "-c", "import simulator")
    asked["start, tiercare --help"] = lambda: command_seconds(str(tiercare), "--help")
    asked["start, first month, everything compiled"] = lambda: child("first_month")
    asked["start, first month, nothing compiled"] = first_month_cold
    return asked


def rounds(count: int, asked: Mapping[str, Callable[[], Sample]]) -> Iterator[tuple[str, Sample]]:
    """Go through all cases ``count`` times; the machine gets no chance to favour one."""
    for turn in range(1, count + 1):
        for name, measure in asked.items():
            print(f"round {turn} of {count}: {name}", file=sys.stderr, flush=True)
            yield name, measure()


def machine() -> dict[str, Any]:
    """What the figures depend on; nothing that names the machine or its owner."""
    from simulator import __version__

    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    packages = ("numba", "llvmlite", "numpy", "mesa", "pandas", "pyarrow")
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": CORES,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
        "tiercare": __version__,
        "commit": commit or "unknown",
    }


def summarise(samples: dict[str, list[Sample]]) -> list[dict[str, Any]]:
    """One row per case and quantity: median, lowest and highest over rounds."""
    rows = []
    for name, taken in samples.items():
        for quantity in taken[0]:
            values = [sample[quantity] for sample in taken]
            rows.append(
                {
                    "case": name,
                    "quantity": quantity,
                    "median": statistics.median(values),
                    "lowest": min(values),
                    "highest": max(values),
                    "rounds": len(values),
                }
            )
    return rows


def readable(value: float) -> str:
    """Three digits that matter, thousands set apart.

    >>> readable(1234567.0), readable(80.26), readable(0.04567)
    ('1,230,000', '80.3', '0.0457')
    """
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def markdown(report: dict[str, Any]) -> str:
    """The report as a page for people."""
    made = report["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in made["packages"].items())
    lines = [
        f"# Benchmark of {report['date']}",
        "",
        f"{made['processor']}, {made['cores']} cores, {made['memory_gib']} GiB; {made['system']}; "
        f"Python {made['python']}, {packages}; tiercare {made['tiercare']}, commit {made['commit']}. "
        f"Made by `{report['command']}`: medians of {report['rounds']} alternating rounds, a process for each "
        "measurement. What the figures mean: `experiments/benchmarks/question.md`.",
        "",
        "| case | quantity | median | lowest | highest |",
        "|---|---|---:|---:|---:|",
    ]
    for row in report["rows"]:
        figures = " | ".join(readable(row[column]) for column in ("median", "lowest", "highest"))
        lines.append(f"| {row['case']} | {row['quantity'].replace('_', ' ')} | {figures} |")
    sizes = report["bytes_per_row"]
    lines += [
        "",
        f"A row takes {sizes['family']} bytes in the table of families, {sizes['person']} in that of persons.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the table to results/benchmarks/."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="a million families as well (some GiB, some minutes)")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: 5)")
    parser.add_argument("--only", default="", help="only the cases whose name begins so, such as month")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the table (default: results/benchmarks)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, arguments = json.loads(options.child)
        print(json.dumps(CHILDREN[kind](**arguments)))
        return

    from simulator.population.families import FAMILIES
    from simulator.population.people import PEOPLE

    samples: dict[str, list[Sample]] = {}
    child("first_month")
    asked = {name: measure for name, measure in cases(options.full).items() if name.startswith(options.only)}
    for name, sample in rounds(options.rounds, asked):
        samples.setdefault(name, []).append(sample)
    made = machine()
    date = datetime.now(UTC).date().isoformat()
    report = {
        "date": date,
        "command": f"bench.py --only {options.only}"
        if options.only
        else f"make bench{'' if options.full else ' FULL='}",
        "rounds": options.rounds,
        "machine": made,
        "bytes_per_row": {"family": FAMILIES.dtype.itemsize, "person": PEOPLE.dtype.itemsize},
        "rows": summarise(samples),
        "samples": samples,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / f"{date}-{made['system'].lower().replace(' ', '-')}-{made['cores']}-cores"
    if options.only:
        file = file.with_name(f"{file.name}-{options.only.split(',')[0]}")
    file.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n")
    file.with_suffix(".md").write_text(markdown(report))
    print(markdown(report))
    print(file.with_suffix(".md"))


if __name__ == "__main__":
    main()
