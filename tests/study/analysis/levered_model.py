"""A model for searches that takes no time and whose best policies are known; importable by children.

Waits at tertiary, secondary and centre (x, y, z, minutes) are the levers, the travel of urban families to the centre
(u) an uncertainty. What all policies share is drawn for each replication.

    visits_per_person  = x − y − u + draw     more is better
    charge_per_visit   = (x − 40)² + draw     less is better
    fund_surplus_rate  = (z − 20)/100 − (x − 40)/200 + draw/100
"""

import hashlib
import os
from pathlib import Path

import pandas as pd

MONTHLY = ["month", "indicator", "tier", "plan", "part", "alliance", "value", "numerator", "denominator"]


class Levered:
    """Same protocol as HealthSystem."""

    def __init__(self, scenario, arm="baseline", seed=1, replication=0, engine="fast", threads=1):
        places = scenario.facilities
        self.x, self.y, self.z = places.tertiary.wait, places.secondary.wait, places.centre.wait
        self.u = places.centre.travel_urban
        self.seed, self.replication = seed, replication
        self.burn_in, self.horizon, self.steps_done = 1, 12, 0
        if ran := os.environ.get("TIERCARE_RAN"):
            with Path(ran).open("a") as file:
                file.write(f"{self.x:g} {self.y:g} {self.z:g} {self.u:g} {replication}\n")

    def branch(self, arm):
        return self

    def step(self):
        self.steps_done += 1
        if os.environ.get("TIERCARE_FAILS") == f"{self.x:g}":
            raise RuntimeError("this policy cannot be")

    def frames(self):
        draw = hashlib.sha256(f"{self.seed} {self.replication}".encode()).digest()[0] / 255
        figures = {
            "visits_per_person": self.x - self.y - self.u + draw,
            "charge_per_visit": (self.x - 40) ** 2 + draw,
            "fund_surplus_rate": (self.z - 20) / 100 - (self.x - 40) / 200 + draw / 100,
        }
        rows = [
            [f"2023-{month + 1:02}", name, "", "", "", "", value, value, 1.0]
            for month in range(12)
            for name, value in figures.items()
        ]
        return {"monthly": pd.DataFrame(rows, columns=MONTHLY)}
