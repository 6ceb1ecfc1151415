"""What a run will take, as ``tiercare check`` tells it; who pays what is in ``payers``."""

from typing import Any

from simulator.core.messages import say
from simulator.report.progress import duration
from simulator.study.cost import cores, plan, size


def estimate(scenario: Any, replications: int, engine: str, threads: int | None) -> str:
    """A sentence on time and memory."""
    place, arms = size(scenario), len(scenario.arms)
    shares = plan(replications, place.families, place.months(arms), engine, threads or cores())
    return say(
        "report.estimate",
        replications=replications,
        arms=arms,
        families=f"{place.families:,}",
        months=place.horizon,
        time=duration(shares.seconds),
        memory=f"{shares.memory / 1e9:.1f} GB",
        workers=shares.workers,
        threads=shares.threads,
    )
