"""Every scenario of the package, small: both engines give one history, and every month checks its ledger to the fen and
replays its counts."""

from pathlib import Path

import pytest

from simulator.model import HealthSystem
from simulator.report.listing import scenario_files
from simulator.scenario import load
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.resolve.timeline import later
from simulator.scenario.schema.scenario import Scenario

FILES = scenario_files(scenarios_folder())
NAMES = [str(file.relative_to(scenarios_folder()).with_suffix("")) for file in FILES]


def around_its_first_date(file: Path) -> Scenario:
    """Two months, the second of them the first in which some arm differs; thirty families."""
    whole = load(file)
    dates = {state.month for arm in whole.arms for state in whole.states(arm)} - {whole.time.start}
    start = later(min(dates), -1) if dates else whole.time.start
    return load(file, ("time.warm_up=0 months", f"time.start={start}"), families=30, months=2)


def one_history(scenario: Scenario, arm: str, ways: tuple[str, ...]) -> None:
    start = HealthSystem(scenario, "baseline")
    digests = set()
    for engine in ways:
        model = HealthSystem(scenario, arm, engine=engine, world=start.world.copy()).run()
        assert int(model.world.ledger.balance.sum()) == 0
        digests.add(model.digest())
    assert len(digests) == 1


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_the_first_reform_in_both_engines(file: Path) -> None:
    scenario = around_its_first_date(file)
    one_history(scenario, next(iter(scenario.reforms), "baseline"), ("fast", "agents"))


@pytest.mark.long
@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_arm_in_both_engines(file: Path) -> None:
    scenario = around_its_first_date(file)
    for arm in scenario.arms:
        one_history(scenario, arm, ("fast", "agents"))
