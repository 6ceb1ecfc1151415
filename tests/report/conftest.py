"""One small comparison that the tests of reports share."""

from pathlib import Path

import pytest

from simulator.scenario import load
from simulator.study.results import Results
from simulator.study.run import run
from tests.small import COUNTY, SHORT

DESIGNS = (SHORT, COUNTY, "time.start=2023-10")
"""Rules change in the fourth of six months."""


@pytest.fixture(scope="session")
def designs():
    """Four payment designs on a small county."""
    return load("payment_designs", changes=DESIGNS, families=60, months=6)


@pytest.fixture(scope="session")
def comparison(designs, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The designs, run three times."""
    folder: Path = tmp_path_factory.mktemp("compare") / "run"
    return run(designs, replications=3, out=folder, workers=1, threads=1)
