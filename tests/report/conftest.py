"""One small comparison that the tests of reports share."""

from pathlib import Path

import pytest

from simulator.scenario import load
from simulator.study.results import Results
from simulator.study.run import run
from simulator.study.sweep.designs import points_of
from simulator.study.sweep.drive import drive
from simulator.study.sweep.read import read_study
from simulator.study.sweep.result_tables import write
from simulator.study.sweep.study_results import Sweep
from simulator.study.sweep.tasks import Tasks
from tests.small import COUNTY, SHORT

DESIGNS = (SHORT, COUNTY, "time.start=2023-10")
"""Rules change in the fourth of six months."""


@pytest.fixture(scope="session")
def designs():
    """Four payment designs on a small county."""
    return load("payment_designs", changes=DESIGNS, families=100, months=6)


@pytest.fixture(scope="session")
def comparison(designs, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The designs, run three times."""
    folder: Path = tmp_path_factory.mktemp("compare") / "run"
    return run(designs, replications=3, out=folder, workers=1, threads=1, facility_months=True)


STUDY = """
format: 1
title: {en: A small study, zh: 小研究}
question: What does a bed-day do to first contact where primary care is able?
scenario: payment_designs
arms: [baseline, by_day]
changes:
  time: {warm_up: 2 months, start: 2023-10, end: 2024-03}
  network: {form: county, townships: 2, villages: 2, tertiary_outside: 1}
levers:
  day_rate:
    title: {en: Day rate at secondary hospitals, zh: 二级医院床日费用}
    sets: reforms.by_day.timeline.2024-01.payment.by_day.day_rate.secondary
    values: [600 yuan, 1100 yuan]
uncertainties:
  skill:
    title: {en: Skill of primary care, zh: 基层能力}
    cases:
      today: {}
      able: {facilities.station.capability: 0.6, facilities.centre.capability: 0.7}
  wait: {sets: facilities.tertiary.wait, between: [40 minutes, 60 minutes], note: A judgement}
derived:
  wait_secondary: {sets: facilities.secondary.wait, same_as: wait, times: 0.6}
outcomes:
  first_contact: {title: {en: First contact at primary care, zh: 基层首诊率}, indicator: first_contact_rate_primary}
  charge: {indicator: charge_per_admission, tier: hospital, over: all_years}
  fund: {indicator: fund_surplus_rate, plan: resident}
design: {kind: grid, steps: 2, replications: 2, compare_with: {day_rate: 600 yuan}}
"""


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """A lever, two uncertainties and a derived value on a small county, two arms, run."""
    file = tmp_path_factory.mktemp("study") / "small" / "sweep.yaml"
    file.parent.mkdir()
    file.write_text(STUDY, encoding="utf-8")
    asked = read_study(file, families=40)
    out = file.parent.parent / "out"
    drive(Tasks(asked, points_of(asked), asked.specification.design.replications), out, workers=1)
    write(out)
    return Sweep(out)
