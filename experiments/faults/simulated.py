"""In the place of the model where thousands of tasks are wanted: waits, or works, as long as SIMULATED_SECONDS says.

Its one indicator follows from seed, replication and the wait at tertiary hospitals, which the studies here vary.
"""

import hashlib
import os
import time
from typing import Any, Self

import pandas as pd

MONTHLY = ["month", "indicator", "tier", "plan", "part", "alliance", "value", "numerator", "denominator"]


class Simulated:
    """Same protocol as HealthSystem."""

    def __init__(self, scenario: Any, arm: str, seed: int, replication: int, engine: str, threads: int):
        self.key = f"{seed} {replication} {arm} {scenario.facilities.tertiary.wait}"
        self.burn_in, self.horizon, self.steps_done = 0, 12, 0
        if ran := os.environ.get("SIMULATED_RAN"):
            with open(ran, "a") as file:
                file.write(f"{self.key}\n")

    def branch(self, arm: str) -> Self:
        """The only arm goes on."""
        return self

    def step(self) -> None:
        """A month."""
        self.steps_done += 1
        seconds = float(os.environ.get("SIMULATED_SECONDS", "0.02")) / self.horizon
        if not os.environ.get("SIMULATED_WORKS"):
            time.sleep(seconds)
            return
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass

    def frames(self) -> dict[str, pd.DataFrame]:
        """Twelve months of visits."""
        rows = []
        for month in range(self.horizon):
            visits = 100.0 + hashlib.sha256(f"{self.key} {month}".encode()).digest()[0]
            rows.append([f"2023-{month + 1:02}", "visits_per_person", "", "", "", "", visits / 20.0, visits, 20.0])
        return {"monthly": pd.DataFrame(rows, columns=MONTHLY)}
