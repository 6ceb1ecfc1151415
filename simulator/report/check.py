"""What a run will take, as ``tiercare check`` tells it; who pays what is in ``payers``."""

from typing import Any

from simulator.core.messages import say
from simulator.report.progress import duration
from simulator.study.branches import lived
from simulator.study.cost import cores, plan, size


def estimate(scenario: Any, replications: int, engine: str, threads: int | None) -> str:
    """A sentence on time and memory."""
    place, arms = size(scenario), list(scenario.arms)
    shares = plan(replications, place.families, lived(scenario, arms), engine, threads or cores())
    return say(
        "report.estimate",
        replications=replications,
        arms=len(arms),
        families=f"{place.families:,}",
        months=place.horizon,
        time=duration(shares.seconds),
        memory=f"{shares.memory / 1e9:.1f} GB",
        workers=shares.workers,
        threads=shares.threads,
    )
