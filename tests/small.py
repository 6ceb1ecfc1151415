"""Small places that tests of many rooms share: a scenario, a world, a model of some families and some months."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from simulator.engine.state.world import World
from simulator.model import HealthSystem
from simulator.scenario import load
from simulator.scenario.compile.build import build
from simulator.scenario.schema.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]

TIERS = ("station", "centre", "secondary", "tertiary")
SHORT = "time.warm_up=2 months"
COUNTY = "network={form: county, townships: 2, villages: 2, tertiary_outside: 1}"
AMPLE = (
    *(f"facilities.{tier}.consultation=0.2 minutes" for tier in TIERS),
    *(f"facilities.{tier}.beds=90 per 1000" for tier in TIERS[1:]),
)
"""Changes that give everybody a slot and a bed."""
SCARCE = (
    *(f"facilities.{t}.consultation={n} minutes" for t, n in zip(TIERS, (48, 38, 22, 25), strict=True)),
    *(f"facilities.{t}.beds={n} per 1000" for t, n in zip(TIERS[1:], (0.8, 1.5, 1.5), strict=True)),
)
"""Changes that leave many without one."""


NO_SIPHONING = tuple(
    f"behaviour.parameters.{name}=0" for name in ("invest", "invest_beds", "close_beds", "poach", "poach_doctors")
)
"""Changes under which places neither invest their margins nor lose doctors to the top."""


class Spec(NamedTuple):
    """A run in words that can be sent to another process."""

    changes: tuple[str, ...] = (SHORT, COUNTY)
    families: int = 30
    months: int = 3
    seed: int = 1
    replication: int = 0
    arm: str = "baseline"


GOLDEN = Spec(
    ("time={start: 2023-07, warm_up: 6 months}", "network={form: county, townships: 3, villages: 2}"),
    families=300, months=6, seed=20230101,
)  # fmt: skip
"""The county whose results are kept in tests/golden."""


@lru_cache(maxsize=100)
def scenario(spec: Spec) -> Scenario:
    """The base with the changes of ``spec``."""
    return load("base", changes=spec.changes, families=spec.families, months=spec.months)


_worlds: dict[Spec, World] = {}


def world(spec: Spec) -> World:
    """The world of ``spec`` before its first month, a copy of its own."""
    if spec not in _worlds:
        while len(_worlds) > 20:
            del _worlds[next(iter(_worlds))]
        _worlds[spec] = build(scenario(spec), spec.seed, spec.replication)
    return _worlds[spec].copy()


def model(spec: Spec, start: World | None = None, **how: Any) -> HealthSystem:
    """A model of ``spec``, or one that goes on from ``start``; all models of a spec share the building of the world."""
    begin = world(spec) if start is None else start
    return HealthSystem(scenario(spec), spec.arm, seed=spec.seed, replication=spec.replication, world=begin, **how)


def answer(spec: Spec, **how: Any) -> dict[str, str]:
    """All that a run leaves behind, as hashes: of state, books and accounts, and of every frame of its results."""
    done = model(spec, **how).run()
    return {"digest": done.digest(), **fingerprint(done.frames())}


def fingerprint(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Hash of names, types and bytes of every column of every frame."""
    found = {}
    for name, frame in frames.items():
        total = hashlib.sha256()
        for column in frame.columns:
            values = frame[column].to_numpy()
            total.update(f"{column} {values.dtype} {values.shape}\0".encode())
            plain = values.dtype != object
            total.update(np.ascontiguousarray(values).tobytes() if plain else "\0".join(map(repr, values)).encode())
        found[name] = total.hexdigest()
    return found
