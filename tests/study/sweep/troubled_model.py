"""A model for studies that takes no time and gets into trouble where a file tells it to; importable by children.

Figures follow from seed, replication, arm and the wait at tertiary hospitals, which the study varies. In the folder
that TIERCARE_TROUBLE names, a file WAIT-REPLICATION holds what shall happen: loop, hog, segfault, error, once, orphan.
"""

import ctypes
import hashlib
import os
import signal
import time
from pathlib import Path

import pandas as pd

MONTHLY = ["month", "indicator", "tier", "plan", "part", "alliance", "value", "numerator", "denominator"]
OTHERS = {
    "facilities": "month facility tier kind area",
    "referrals": "month from to stage count",
    "ledger": "month from to kind fen",
    "accounts": "month account opening closing",
}
"""Tables of a run in which nothing happened."""


class Troubled:
    """Same protocol as HealthSystem."""

    def __init__(self, scenario, arm="baseline", seed=1, replication=0, engine="fast", threads=1):
        self.wait, self.arm, self.seed, self.replication = scenario.facilities.tertiary.wait, arm, seed, replication
        self.burn_in, self.horizon, self.steps_done = 1, 12, 0
        if ran := os.environ.get("TIERCARE_RAN"):
            with Path(ran).open("a") as file:
                file.write(f"{self.wait:g}-{replication}\n")

    def branch(self, arm):
        new = object.__new__(Troubled)
        new.__dict__ |= self.__dict__ | {"arm": arm}
        return new

    def step(self):
        self.steps_done += 1
        if self.steps_done == 3:
            time.sleep(float(os.environ.get("TIERCARE_PAUSE", "0")))
            self._trouble()

    def _trouble(self):
        folder = os.environ.get("TIERCARE_TROUBLE")
        file = Path(folder or "/nowhere") / f"{self.wait:g}-{self.replication}"
        if not file.is_file():
            return
        kind = file.read_text().strip()
        if kind == "once":
            file.unlink()
            os._exit(3)
        if kind == "loop":
            while True:
                pass
        if kind == "orphan":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
        if kind == "hog":
            held = []
            while True:
                held.append(bytearray(50_000_000))
        if kind == "segfault":
            ctypes.string_at(0)
        raise RuntimeError("this policy cannot be")

    def frames(self):
        rows = []
        for month in range(12):
            key = hashlib.sha256(f"{self.seed} {self.replication} {self.arm} {month}".encode()).digest()
            visits, people = 100.0 + key[0] + self.wait, 20.0
            rows.append([f"2023-{month + 1:02}", "visits_per_person", "", "", "", "", visits / people, visits, people])
        empty = {name: pd.DataFrame(columns=columns.split()) for name, columns in OTHERS.items()}
        return {"monthly": pd.DataFrame(rows, columns=MONTHLY), **empty}
