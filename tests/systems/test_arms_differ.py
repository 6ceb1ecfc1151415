"""Every arm of a programme or a form of organisation does something: some figure differs from its baseline.

Arms share people and draws, so an arm that does nothing is the same in every figure to the last bit. How much of a
difference is more than chance, `tiercare systems` says at full size (docs/systems.md).
"""

from pathlib import Path

import pytest

from simulator.scenario import load
from simulator.scenario.language.packaged import scenarios_folder
from simulator.study.run import run

FOLDER = scenarios_folder()
FAMILIES = 1000
FILES = sorted(file for folder in ("forms", "programmes") for file in (FOLDER / folder).glob("*.yaml"))


@pytest.mark.long
@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(FOLDER).with_suffix("")) for file in FILES])
def test_every_arm_differs_from_its_baseline(file: Path, tmp_path: Path) -> None:
    scenario = load(file, families=FAMILIES)
    summary = run(scenario, replications=1, threads=1, out=tmp_path / "run").summary
    moved = {arm: summary[(summary["arm"] == arm) & (summary["difference"] != 0)] for arm in scenario.reforms}
    assert [arm for arm, rows in moved.items() if rows["difference"].notna().sum() == 0] == []
