"""What a run will take, as ``tiercare check`` tells it; who pays what is in ``payers``."""

from typing import Any

from simulator.core.messages import say
from simulator.report.progress import duration
from simulator.study.branches import lived
from simulator.study.cost import cores, plan, size
from simulator.study.pace import seconds, seconds_to_compile


def estimate(scenario: Any, replications: int, engine: str, threads: int | None) -> str:
    """A sentence on time, at the pace of the last runs on this machine, and memory; one more where the code has to be
    compiled first."""
    told = [_takes(scenario, replications, engine, threads)]
    if compiling := seconds_to_compile():
        told.append(say("report.compiles", time=duration(compiling)))
    return "\n".join(told)


def _takes(scenario: Any, replications: int, engine: str, threads: int | None) -> str:
    place, arms = size(scenario), list(scenario.arms)
    shares = plan(replications, place.families, lived(scenario, arms), engine, threads or cores())
    return say(
        "report.estimate",
        replications=replications,
        arms=len(arms),
        families=f"{place.families:,}",
        months=place.horizon,
        time=duration(seconds(shares, engine)),
        memory=f"{shares.memory / 1e9:.1f} GB",
        workers=shares.workers,
        threads=shares.threads,
    )
