"""Covasim by person-steps: an epidemic on its default population, a step a day. Another, simpler model."""

import importlib
import time
from typing import Any

PEOPLE, DAYS = 100_000, 60


def measure() -> dict[str, float]:
    """Person-steps per second of a run, after a small one that compiles."""
    covasim: Any = importlib.import_module("covasim")  # of the peers' own environment

    covasim.Sim(pop_size=1_000, n_days=5, verbose=0).run()
    sim = covasim.Sim(pop_size=PEOPLE, n_days=DAYS, verbose=0, rand_seed=1)
    sim.initialize()
    start = time.process_time()
    sim.run()
    return {"person_steps_per_second": PEOPLE * DAYS / (time.process_time() - start)}
