"""Every arm of a programme or a form of organisation differs from its baseline in some figure beyond its interval.

Arms share people and draws, so an arm that does nothing is the same in every figure. With some four hundred figures one
in twenty would leave zero out by chance, so the interval is as wide as all of them together ask for (Bonferroni).
"""

from pathlib import Path

import pytest

from simulator.scenario import load
from simulator.scenario.language.packaged import scenarios_folder
from simulator.study.intervals import t_quantile
from simulator.study.run import run

FOLDER = scenarios_folder()
FAMILIES, REPLICATIONS = 1000, 10
FILES = sorted(file for folder in ("forms", "programmes") for file in (FOLDER / folder).glob("*.yaml"))


def beyond(summary, arm: str) -> list[str]:
    """Figures of an arm whose difference from the baseline lies beyond its interval, the strongest first."""
    rows = summary[(summary["arm"] == arm) & summary["difference"].notna()]
    half = (rows["diff_high"] - rows["diff_low"]) / 2
    free = REPLICATIONS - 1
    wider = t_quantile(1 - 0.025 / max(len(rows), 1), free) / t_quantile(0.975, free)
    strength = rows["difference"].abs() - half * wider
    found = rows[(strength > 0) & half.notna()]
    order = (found["difference"].abs() / half[found.index]).sort_values(ascending=False).index
    return [
        " ".join(filter(None, map(str, row))) for row in found.loc[order, ["indicator", "tier", "plan", "part"]].values
    ]


@pytest.mark.long
@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(FOLDER).with_suffix("")) for file in FILES])
def test_every_arm_differs_from_its_baseline(file: Path, tmp_path: Path) -> None:
    scenario = load(file, families=FAMILIES)
    results = run(scenario, replications=REPLICATIONS, threads=1, out=tmp_path / "run")
    found = {arm: beyond(results.summary, arm) for arm in scenario.reforms}
    print({arm: (len(each), each[:1]) for arm, each in found.items()})
    assert [arm for arm, each in found.items() if not each] == []
