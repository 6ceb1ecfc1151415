import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.study.sweep.begin import open_or_begin
from simulator.study.sweep.designs import points_of
from simulator.study.sweep.read import read_study
from simulator.study.sweep.store import Result
from simulator.study.sweep.tasks import Tasks
from simulator.study.sweep.values import number

sys.path.insert(0, str(Path(__file__).parent))

STUDY = """
format: 1
title: {{en: A study, zh: 研究}}
question: What matters?
scenario: base
{levers}
uncertainties:
  a: {{title: {{en: First, zh: 甲}}, sets: facilities.tertiary.wait, between: [0 minutes, 100 minutes]}}
  b: {{sets: facilities.secondary.wait, between: [0 minutes, 100 minutes]}}
  c: {{sets: facilities.centre.wait, between: [0 minutes, 100 minutes]}}
{more}
outcomes:
  visits: {{indicator: visits_per_person, better: more}}
  fund: {{indicator: fund_surplus_rate, plan: resident}}
design: {{{design}}}
"""
LEVER = "levers: {pays: {sets: baseline.benefit.resident.outpatient.centre.fund_pays, values: [50%, 70%]}}"


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None):
    """A function that makes the folder of a study whose outcomes are functions of its values; tasks may be left out."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)

    def make(
        design: str,
        outcomes: Callable[..., dict[str, float | None]],
        levers: str = "",
        more: str = "",
        left_out: Callable[[int, int], bool] = lambda point, replication: False,
    ) -> Path:
        file = tmp_path / "study.yaml"
        file.write_text(STUDY.format(design=design, levers=levers, more=more), encoding="utf-8")
        study = read_study(file, tried=False)
        tasks = Tasks(study, points_of(study), study.specification.design.replications)
        store = open_or_begin(tasks, tmp_path / "run")
        for point, replication in tasks.shard():
            cell = tasks.cell(point, replication)
            if left_out(point, replication):
                continue
            said = {name: text if number(text) is None else number(text) for name, text in cell.values.items()}
            values = {"visits": 0.0, "fund": 0.0} | outcomes(**said, replication=replication)
            store.keep(Result(cell.key, point, replication, {"baseline": values}, 0.1, "here"))
        return store.folder

    return make
