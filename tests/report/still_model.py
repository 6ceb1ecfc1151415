"""A model for studies that takes no time: visits follow from the wait at tertiary hospitals alone."""

import pandas as pd

MONTHLY = ["month", "indicator", "tier", "plan", "part", "alliance", "value", "numerator", "denominator"]


class Still:
    """Same protocol as HealthSystem."""

    def __init__(self, scenario, arm="baseline", seed=1, replication=0, engine="fast", threads=1):
        self.wait = scenario.facilities.tertiary.wait
        self.burn_in, self.horizon, self.steps_done = 1, 12, 0

    def branch(self, arm):
        new = object.__new__(Still)
        new.__dict__ |= self.__dict__
        return new

    def step(self):
        self.steps_done += 1

    def frames(self):
        months = [f"2023-{month:02}" for month in range(1, 13)]
        rows = [[m, "visits_per_person", "", "", "", "", self.wait, self.wait, 1.0] for m in months]
        return {"monthly": pd.DataFrame(rows, columns=MONTHLY)}
