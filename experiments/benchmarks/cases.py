"""What is measured, on which sides: the code at hand, the older commit, other models."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.benchmarks.checkout import BUILD, ROOT, checkout, python_of

NOW, BEFORE = "now", "before"
BEFORE_COMMIT = "f9d3c31"
"""The commit that everything is compared with: the last one before the engine was rebuilt."""
CHILDREN = Path(__file__).with_name("children.py")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
ZHEJIANG = "scenarios/programmes/zhejiang_county_community.yaml"
MILLION = 1_000_000

Sample = dict[str, float]


@dataclass(frozen=True)
class Case:
    """One thing to measure.

    ``kind`` and ``arguments`` are those of a function of `children.py`; ``only`` are the sides that have it, ``given``
    arguments of one side. ``keeps`` are the quantities that are kept, all by default. ``full`` cases take minutes and
    are left out of a short run, ``rarely`` ones are measured in the first round only. ``cold`` starts from an empty
    compile cache, ``interpreted`` compiles nothing.
    """

    name: str
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    only: Sequence[str] = (BEFORE, NOW)
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    keeps: Sequence[str] = ()
    full: bool = False
    rarely: bool = False
    cold: bool = False
    interpreted: bool = False


def _run(name: str, *words: str, **more: Any) -> Case:
    return Case(name, "command", {"words": ["run", *words]}, full=True, **more)


CASES = (
    *(
        Case(f"whole month, {families:,} families, {threads} thread{'s' if threads > 1 else ''}", "month",
             {"families": families, "threads": threads}, full=families == MILLION)
        for families in (10_000, 100_000, MILLION) for threads in sorted({1, CORES})
    ),
    Case("reported month, 2,000 families", "reported_month", {"families": 2_000}),
    _run("five arms × 4 replications × 5,000 families of Zhejiang, everything compiled", ZHEJIANG, "--families", "5000",
         "--replications", "4", keeps=("processor_seconds", "seconds"), rarely=True),
    *(
        Case(f"2 threads against 1, {families:,} families", "threads", {"families": families, "count": 2})
        for families in (100_000, 20_000)
    ),
    Case("2 threads against 1, draws that share nothing", "bare_threads", {"count": 2}, only=(NOW,)),
    *(
        Case(f"agents, {words} overridden, 10,000 families", "agents",
             {"families": 10_000, "engine": "fast", "every": every}, given={BEFORE: {"engine": "agents"}})
        for words, every in (("none", 0), ("a tenth", 10))
    ),
    Case("agents engine, everybody asked, 10,000 families", "agents",
         {"families": 10_000, "engine": "agents", "every": 0}),
    Case("memory, 100,000 families", "arrays", {"families": 100_000}),
    Case("start, tiercare --help", "command", {"words": ["--help"]}, keeps=("seconds", "processor_seconds")),
    Case("start to first month, everything compiled", "first_month"),
    Case("start to first month, nothing compiled", "first_month", cold=True),
    _run("1,000,000 families × 120 months, 2 threads, results on disk", "base", "--families", "1000000", "--months",
         "108", "--set", "time.warm_up=12 months", "--set", "population.people=3000000", "--arms", "baseline",
         "--threads", "2", keeps=("seconds",), rarely=True),
    *(
        Case(f"phases, 20,000 families, optional rules {rules}", "phases", {"families": 20_000, "rules": rules})
        for rules in ("off", "on")
    ),
    Case("roofline, operations", "operations", only=(NOW,), rarely=True, interpreted=True),
    Case("roofline, arithmetic alone", "arithmetic", only=(NOW,)),
    Case("peers, plain Mesa, 3,000 families", "peer", {"name": "mesa_month"}, only=(NOW,)),
    Case("peers, Covasim, 100,000 people", "peer", {"name": "covasim_days"}, only=("peers",)),
    Case("peers, Starsim, 100,000 people", "peer", {"name": "starsim_steps"}, only=("peers",)),
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """Whose code is measured: an interpreter, and the folder in which it finds `simulator`; None for none."""

    name: str
    python: Path
    folder: Path | None

    def measure(self, case: Case) -> Sample:
        """One measurement in a fresh process. Raises CalledProcessError."""
        arguments = {**case.arguments, **case.given.get(self.name, {})}
        if "words" in arguments and self.folder is not None:
            words = arguments["words"]
            arguments["words"] = [str(self.folder / word) if (self.folder / word).is_file() else word for word in words]
        environment = dict(os.environ) | {"PYTHONPATH": str(self.folder or ""), "PYTHONDONTWRITEBYTECODE": ""}
        environment |= {"TIERCARE_JIT": "0"} if case.interpreted else {}
        environment |= dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        with tempfile.TemporaryDirectory() as empty:
            environment["TIERCARE_CACHE"] = empty if case.cold else str(BUILD / "compiled" / self.name)
            done = subprocess.run(
                [str(self.python), str(CHILDREN), json.dumps([case.kind, arguments])],
                env=environment, cwd=self.folder or BUILD, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        found = json.loads(done.stdout.splitlines()[-1])
        return {name: found[name] for name in case.keeps or found}


def sides(alone: bool, peers: bool) -> dict[str, Side]:
    """Sides by name: the code at hand, the older commit unless ``alone``, and other models where ``peers``.

    Raises NoCommit.
    """
    here = Path(sys.executable)
    found = {NOW: Side(NOW, here, ROOT)}
    if not alone:
        found[BEFORE] = Side(BEFORE, here, checkout(BEFORE_COMMIT))
    if peers and (python := peers_python()) is not None:
        found["peers"] = Side("peers", python, None)
    return found


def peers_python() -> Path | None:
    """The interpreter of the environment with other models, made where it is missing; None where it cannot be."""
    wanted = Path(__file__).parent / "peers" / "requirements.txt"
    folder = BUILD / "peers"
    stamp, python = folder / "made-from.txt", python_of(folder)
    if stamp.is_file() and stamp.read_text() == wanted.read_text():
        return python
    print("an environment for the peers is made, once", file=sys.stderr, flush=True)
    for words in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)],
    ):
        if subprocess.run(words, check=False).returncode:
            print("the peers cannot be installed here: they are left out", file=sys.stderr, flush=True)
            return None
    stamp.write_text(wanted.read_text())
    return python


def chosen(full: bool, only: Sequence[str]) -> list[Case]:
    """The cases of a run, in the order of a round: ``full`` or short; of these, where ``only`` has any, those whose
    names begin with one of them."""
    return [case for case in CASES if (full or not case.full) and case.name.startswith(tuple(only) or "")]


def rounds(count: int, cases: Sequence[Case], asked: Mapping[str, Side]) -> Iterator[tuple[Case, str, Sample]]:
    """Go through all cases ``count`` times, each on all its sides in turn, every second round the other way round: a
    machine that warms up or is busy for a while favours nobody. A measurement that fails is told and left out."""
    for turn in range(1, count + 1):
        for case in cases:
            if case.rarely and turn > 1:
                continue
            own = [name for name in case.only if name in asked]
            for name in own if turn % 2 else own[::-1]:
                print(f"round {turn} of {count}: {case.name} ({name})", file=sys.stderr, flush=True)
                try:
                    sample = asked[name].measure(case)
                except subprocess.CalledProcessError as failed:
                    print(f"left out, as it failed with exit code {failed.returncode}", file=sys.stderr, flush=True)
                    continue
                yield case, name, sample
