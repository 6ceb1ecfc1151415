"""Fit the intercepts of ``fit.yaml`` to its targets: ``python -m experiments.fit``. See question.md.

Prints what it would change; ``--write`` changes it. Runs that were made are kept in ``--state`` and not made again; the
slopes found are kept there too, so that after a small change of the model a fit goes on from them and tries every
intercept anew only where they lead nowhere.
"""

import argparse
import hashlib
import json
import re
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from experiments.fit.language import Fit, Target, read
from experiments.fit.solve import Point, descend, jacobian

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("fit.yaml")
STATE = ROOT / "results" / "fit" / "state.json"
YEAR = 12
MET = 0.1
"""Mean squared misfit below which targets count as met."""


class Runs:
    """Levels that values of the intercepts give; those that an earlier run found are taken from the file."""

    def __init__(self, fit: Fit, replications: int, state: Path):
        from simulator import load
        from simulator.core.jit import source_hash
        from simulator.study.inputs import data_hash

        self.fit, self.replications, self.file = fit, replications, state
        self.start = time.monotonic()
        there = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
        scenario: Any = load(fit.scenario)
        program = [source_hash(), data_hash(), scenario.model_dump_json()]
        asked = json.dumps([fit.model_dump(mode="json"), replications, program], sort_keys=True)
        self.asked = hashlib.sha256(asked.encode()).hexdigest()
        self.known: dict[str, list[float]] = there.get("levels", {}) if there.get("asked") == self.asked else {}
        self.slopes: Any = there.get("slopes")

    def keep(self, slopes: np.ndarray | None = None) -> None:
        """Write down what is known."""
        if slopes is not None:
            self.slopes = {"targets": [*self.fit.targets], "of": [*self.fit.intercepts], "slopes": slopes.tolist()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        kept = {"asked": self.asked, "levels": self.known, "slopes": self.slopes}
        self.file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")

    def known_slopes(self) -> np.ndarray | None:
        """Slopes of an earlier fit of the same intercepts to the same targets."""
        if self.slopes is None or (self.slopes["targets"], self.slopes["of"]) != (
            [*self.fit.targets], [*self.fit.intercepts],
        ):  # fmt: skip
            return None
        return np.array(self.slopes["slopes"])

    def levels(self, values: np.ndarray) -> list[float]:
        """Level of each target."""
        key = " ".join(f"{value:.6g}" for value in values)
        if key not in self.known:
            changes = [
                f"{path}={_written(path, value)}" for path, value in zip(self.fit.intercepts, values, strict=True)
            ]
            self.known[key] = measure(self.fit, changes, self.replications)
            self.keep()
            told = "  ".join(f"{n} {v:.4g}" for n, v in zip(self.fit.targets, self.known[key], strict=True))
            print(f"{time.monotonic() - self.start:5.0f} s  {told}", file=sys.stderr, flush=True)
        return self.known[key]

    def misfits(self, values: np.ndarray) -> np.ndarray:
        """Misfit of each target."""
        pairs = zip(self.fit.targets.values(), self.levels(values), strict=True)
        return np.array([target.misfit(level) for target, level in pairs])


UNITS: dict[str, str] = {}
"""Unit that the value at a path is written in."""


def _written(path: str, value: float) -> str:
    """A value as the scenario has it; six figures, which is more than a run can tell."""
    return f"{value:.6g}{UNITS.get(path, '')}"


def measure(fit: Fit, changes: list[str], replications: int) -> list[float]:
    """Levels of the targets, ratios of sums over the year after the warm-up, as the mean of the replications."""
    from simulator import load
    from simulator.simulation import Simulation
    from simulator.study.summary import last_months, over_period

    warm_up = f"time.warm_up={fit.warm_up} months"
    scenario: Any = load(fit.scenario, [warm_up, *changes], families=fit.families, months=YEAR)
    found = []
    for replication in range(replications):
        monthly = Simulation(scenario, replication=replication).run().frames()["monthly"].assign(arm="", replication=0)
        values = over_period(monthly, *last_months(monthly)).set_index(["indicator", "tier", "plan", "part"])["value"]
        found.append([float(values.loc[target.series]) for target in fit.targets.values()])
    return np.mean(found, axis=0).tolist()


def begin(fit: Fit) -> np.ndarray:
    """Values of the intercepts as they are written now; notes the units of those of places."""
    from simulator import load
    from simulator.core import behaviour

    scenario: Any = load(fit.scenario)
    values = [float(behaviour.row(scenario.behaviour.set)[0][name]) for name in fit.behaviour]
    for path in fit.places:
        written = re.fullmatch(r"([-+.\d]+)(.*)", scenario.origins[path].text)
        assert written is not None, path
        number, unit = written.groups()
        UNITS[path] = unit
        values.append(float(number))
    return np.array(values)


def reckoned(fit: Fit, start: np.ndarray) -> dict[int, np.ndarray]:
    """Slopes of the intercepts that a target is proportional to: a tenth more of one is a tenth more of the other."""
    names, found = [*fit.targets], {}
    for n, intercept in enumerate(fit.intercepts.values()):
        if intercept.known:
            target: Target = fit.targets[intercept.known]
            slope = np.zeros(len(names))
            slope[names.index(intercept.known)] = target.misfit(target.level * (1 + 1 / start[n]))
            found[n] = slope
    return found


def plainly(value: float) -> str:
    """Four figures, without an exponent.

    >>> plainly(12987.3), plainly(0.017342), plainly(-0.5)
    ('12990', '0.01734', '-0.5')
    """
    return f"{float(f'{value:.4g}'):.10f}".rstrip("0").rstrip(".")


def write(fit: Fit, values: np.ndarray) -> None:
    """Write the values into the files where they stand."""
    from simulator import load
    from simulator.core.behaviour import FOLDER

    scenario: Any = load(fit.scenario)
    for path, value in zip(fit.intercepts, values, strict=True):
        name = path.removeprefix("behaviour.parameters.")
        if name in fit.behaviour:
            entry = re.compile(rf"^({name}: {{value: )[-+.\d]+", re.MULTILINE)
            files = [f for f in (FOLDER / scenario.behaviour.set).glob("*.yaml") if entry.search(f.read_text("utf-8"))]
            file, text = files[0], entry.sub(rf"\g<1>{plainly(value)}", files[0].read_text(encoding="utf-8"))
        else:
            origin = scenario.origins[path]
            file = ROOT / "scenarios" / Path(origin.file).name
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            line = lines[origin.line - 1]
            lines[origin.line - 1] = line.replace(origin.text, f"{plainly(value)}{UNITS[path]}", 1)
            text = "".join(lines)
        file.write_text(text, encoding="utf-8")
        print(f"{file.relative_to(ROOT)}: {name} = {plainly(value)}{UNITS.get(path, '')}")


def solve(runs: Runs, first: Point, bounds: tuple[np.ndarray, np.ndarray], most: int, anew: bool) -> Point:
    """Best of at most so many steps with the slopes that are known, and of as many with slopes tried anew where there
    are none or they lead nowhere: they may be those of another model."""
    fit, best = runs.fit, first
    steps = np.array([intercept.step for intercept in fit.intercepts.values()])
    for slopes in (None if anew else runs.known_slopes(), None) if most else ():
        if slopes is None:
            slopes = jacobian(runs.misfits, best, steps, reckoned(fit, best.values))
            runs.keep(slopes)
        for point, known in islice(descend(runs.misfits, best, slopes, steps, bounds), most):
            best = point
            runs.keep(known)
            print(f"sum of squared misfits {best.worth:.2f}", file=sys.stderr, flush=True)
        if best.worth < MET * len(fit.targets):
            break
    return best


def main() -> None:
    """Fit, print the levels before and after and what would change, and change it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=FILE)
    parser.add_argument("--families", type=int)
    parser.add_argument("--replications", type=int, default=1)
    parser.add_argument("--steps", type=int, default=4, help="steps of the solver at most")
    parser.add_argument("--anew", action="store_true", help="try every intercept, whatever slopes are known")
    parser.add_argument("--write", action="store_true", help="write the values found into behaviour and scenario")
    parser.add_argument("--state", type=Path, default=STATE)
    options = parser.parse_args()
    fit = read(options.file)
    fit = fit.model_copy(update={"families": options.families or fit.families})
    runs, values = Runs(fit, options.replications, options.state), begin(fit)
    bounds = tuple(np.array([getattr(i, end) for i in fit.intercepts.values()]) for end in ("low", "high"))
    first = Point(values, runs.misfits(values))
    best = solve(runs, first, bounds, options.steps, options.anew)
    print(f"sum of squared misfits {first.worth:.2f} -> {best.worth:.2f}")
    before, after = runs.levels(first.values), runs.levels(best.values)
    for (name, target), old, new in zip(fit.targets.items(), before, after, strict=True):
        print(
            f"  {name:28s} wanted {target.level:10.4g}  was {old:10.4g}  is {new:10.4g}   {new / target.level - 1:+.1%}"
        )
    for path, old, new in zip(fit.intercepts, first.values, best.values, strict=True):
        print(f"  {path:44s} {old:10.4g} -> {new:10.4g}")
    if options.write:
        write(fit, best.values)


if __name__ == "__main__":
    main()
