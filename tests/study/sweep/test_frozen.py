"""The copy of a study in its folder says all that was asked, wherever the study named its files."""

from pathlib import Path

import pytest

from simulator.scenario.language.packaged import scenarios_folder
from simulator.study.sweep.begin import open_or_begin
from simulator.study.sweep.designs import points_of
from simulator.study.sweep.frozen import thaw
from simulator.study.sweep.read import read_study
from simulator.study.sweep.tasks import Tasks

STUDY = """
format: 1
title: {en: Other case groups, zh: 其他病组}
question: Does it matter how cases are grouped?
scenario: base
uncertainties:
  stays:
    cases:
      today: {}
      longer: {illness.case_groups.table: ../tables/longer.csv}
  groups: {sets: illness.case_groups.table, values: [evidence/case_groups.csv, ../tables/longer.csv]}
outcomes:
  visits: {indicator: visits_per_person}
design: {kind: grid, replications: 2}
"""


def asked(file: Path) -> Tasks:
    study = read_study(file)
    return Tasks(study, points_of(study), 2)


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    """A table in which a cold takes a stay of 31 days, beside the folder of the study that names it."""
    text = (scenarios_folder() / "evidence" / "case_groups.csv").read_text(encoding="utf-8")
    assert "\ncold,all,0.8,0.35,4," in text
    file = tmp_path / "tables" / "longer.csv"
    file.parent.mkdir()
    file.write_text(text.replace("\ncold,all,0.8,0.35,4,", "\ncold,all,0.8,0.35,31,"), encoding="utf-8")
    return file


def test_tables_of_case_groups_are_copied_too(tmp_path: Path, longer: Path) -> None:
    """A task is named by what they say; once begun, a study does not need them any more."""
    file = tmp_path / "mine" / "sweep.yaml"
    file.parent.mkdir()
    file.write_text(STUDY, encoding="utf-8")
    tasks = asked(file)
    places = [(point, 1) for point in range(4)]
    assert len({tasks.key(*place) for place in places}) == 4
    open_or_begin(tasks, tmp_path / "out")
    longer.write_text(longer.read_text(encoding="utf-8").replace(",31,", ",32,"), encoding="utf-8")
    other = asked(file)
    assert [tasks.key(*place) == other.key(*place) for place in places] == [True, False, False, False]

    longer.unlink()
    kept = thaw(tmp_path / "out")
    assert [kept.key(*place) for place in places] == [tasks.key(*place) for place in places]
    scenarios = [kept.study.scenario(kept.points.values(point)) for point in range(4)]
    assert [scenario.illness.case_groups[0].stay_days_secondary for scenario in scenarios] == [4, 31, 4, 31]
