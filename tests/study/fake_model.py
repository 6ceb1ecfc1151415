"""A model of two indicators for tests of the runner: same protocol as HealthSystem, figures from a hash of what it is.

Imported by name in spawned processes, so this folder is put on ``sys.path`` by the tests that use it.
"""

import copy
import hashlib
import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd

from simulator.core.errors import ModelError
from simulator.scenario.schema.answer import Answer

MONTHLY = ["month", "indicator", "tier", "plan", "part", "alliance", "value", "numerator", "denominator"]


class Population(NamedTuple):
    families: int = 100


class Time(NamedTuple):
    start: str = "2023-01"
    warm_up: int = 2
    months: int = 14


class Finding(NamedTuple):
    indicator: str
    level: tuple[float, str]
    use: str = "target"
    tier: str | None = None
    plan: str | None = None


class Claim(NamedTuple):
    arm: str
    indicator: str
    level: tuple[float, str] | None = None
    change: tuple[float, str] | None = None
    tier: str | None = None
    plan: str | None = None
    groups: tuple[str, ...] | None = None
    level_to: tuple[float, str] | None = None
    years: str | None = None


class Title(NamedTuple):
    en: str = "A place"
    zh: str = "某地"


class Scenario(NamedTuple):
    """What the runner and the reports read of a scenario; ``trouble`` tells the fake model where to misbehave."""

    name: str = "fake"
    title: Title = Title()
    population: Population = Population()
    time: Time = Time()
    arms: dict[str, Any] = {"baseline": None, "reform": None}
    findings: tuple[Finding, ...] = (
        Finding("visits_per_person", (6.8, "per year")),
        Finding("charge_per_visit", (12500, "fen"), tier="centre"),
        Finding("bed_use", (0.794, "share"), tier="hospital"),
        Finding("primary_share_of_visits", (0.537, "share"), use="validation"),
    )
    claims: tuple[Claim, ...] = ()
    answer: Answer = Answer()
    reforms: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    trouble: tuple[str, str, int] = ("", "", 0)
    file: str = "fake.yaml"
    warnings: tuple[str, ...] = ()
    behaviour: Any = SimpleNamespace(set="fake", parameters={})  # a set that has no ensemble

    @property
    def origins(self) -> dict[str, Any]:
        return {"population.families": SimpleNamespace(file=self.file, line=3)}

    def states(self, arm: str) -> list[Any]:
        return [SimpleNamespace(month=self.time.start, rules=arm)]

    def resolved(self) -> dict[str, Any]:
        return {"population": {"families": str(self.population.families)}}


class FakeSystem:
    """Lives through its months by counting them; a unit's figures follow from what it was told at its start."""

    def __init__(self, scenario, arm="baseline", seed=1, replication=0, engine="fast", threads=1):
        self.scenario, self.arm, self.seed, self.replication = scenario, arm, seed, replication
        self.burn_in, self.horizon, self.steps_done = scenario.time.warm_up, scenario.time.months, 0

    def branch(self, arm):
        """A model of another arm that goes on from here."""
        new = copy.copy(self)
        new.arm = arm
        return new

    def step(self) -> None:
        self.steps_done += 1
        kind, arm, replication = self.scenario.trouble
        if (arm, replication) != (self.arm, self.replication) or self.steps_done != 5:
            return
        if kind == "error":
            raise ModelError("fund:resident: lost 3 fen\nand more")
        if kind == "death":
            os._exit(9)
        if kind == "ctrl-c":
            raise KeyboardInterrupt
        if kind.startswith("wait:"):
            Path(kind.removeprefix("wait:")).touch()
            time.sleep(60)

    def frames(self) -> dict[str, pd.DataFrame]:
        months = [f"{2023 + m // 12}-{m % 12 + 1:02}" for m in range(self.horizon)]
        factor = 2 if self.arm == "reform" else 1
        monthly, ledger, accounts = [], [], []
        for m, month in enumerate(months):
            key = hashlib.sha256(f"{self.seed} {self.replication} {m}".encode()).digest()
            visits, people = factor * (100 + key[0]), 20.0
            monthly.append([month, "visits_per_person", "", "", "", "", visits / people, visits, people])
            monthly.append(
                [month, "charge_per_visit", "centre", "", "", "", 1.2 * key[1], 1.2 * key[1] * visits, visits]
            )
            monthly.append([month, "capability", "centre", "", "", "", m / 20, float("nan"), float("nan")])
            ledger.append([month, "fund:resident", "facility:centre_1", "bill", visits])
            accounts.append([month, "fund:resident", 0, -visits])
        facilities = pd.DataFrame(
            {
                "month": months,
                "facility": "centre_1",
                "tier": "centre",
                "kind": "general",
                "area": "city",
                "beds_held": 3,
            }
        )
        facilities["slots"] = 1.5
        facilities.attrs["columns"] = {"beds_held": ("beds", "beds of the whole place")}
        referrals = [[months[0], "centre_1", "county_1", "up", 4.0]]
        return {
            "monthly": pd.DataFrame(monthly, columns=MONTHLY),
            "facilities": facilities,
            "referrals": pd.DataFrame(referrals, columns=["month", "from", "to", "stage", "count"]),
            "ledger": pd.DataFrame(ledger, columns=["month", "from", "to", "kind", "fen"]),
            "accounts": pd.DataFrame(accounts, columns=["month", "account", "opening", "closing"]),
        }
