"""Which analyses the design of a study allows, known before it is run."""

from typing import Any, NamedTuple

from simulator.study.analysis.discover import FEWEST
from simulator.study.analysis.sensitivity import LEAST
from simulator.study.sweep.language import Sampled

SAMPLES = {"sobol": "points", "morris": "trajectories"}
"""Field of a design that says how large its sample is; of other designs it is the draws."""


class Allowed(NamedTuple):
    """An analysis: its command, whether the design allows it, its sample, and the least that it needs (0: it draws
    nothing)."""

    command: str
    yes: bool
    count: int
    least: int


def allowed(specification: Any) -> list[Allowed]:
    """Whether `sensitivity`, `discover` and `search` can be asked of a study."""
    design = specification.design
    if isinstance(design, Sampled):
        method = design.kind if design.kind in SAMPLES else "delta"
        count = int(getattr(design, SAMPLES.get(method, "points")))
        found = [Allowed("sensitivity", count >= LEAST[method], count, LEAST[method])]
        draws = int(getattr(design, "points", count))
        found.append(Allowed("discover", draws >= FEWEST, draws, FEWEST))
    else:
        found = [Allowed(command, False, 0, 0) for command in ("sensitivity", "discover")]
    return [*found, Allowed("search", bool(specification.levers), len(specification.levers), 1)]
