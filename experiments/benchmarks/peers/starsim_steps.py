"""Starsim by person-steps: an SIR epidemic on a random network. Another, simpler model."""

import importlib
import time
from typing import Any

PEOPLE, STEPS = 100_000, 60


def measure() -> dict[str, float]:
    """Person-steps per second of a run, after a small one that compiles."""
    starsim: Any = importlib.import_module("starsim")  # of the peers' own environment

    def sim(people: int, steps: int) -> Any:
        return starsim.Sim(
            n_agents=people, diseases=starsim.SIR(), networks=starsim.RandomNet(), start=0, dur=steps, dt=1.0,
            verbose=0, rand_seed=1,
        )  # fmt: skip

    sim(1_000, 5).run()
    asked = sim(PEOPLE, STEPS)
    asked.init()
    start = time.process_time()
    asked.run()
    return {"person_steps_per_second": PEOPLE * len(asked.timevec) / (time.process_time() - start)}
