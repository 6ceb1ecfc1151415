"""How much hypothesis tries, and what happens where a Debian package of the tests is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from simulator.core import messages
from simulator.core.messages import language, use

CI = os.environ.get("CI", "").lower() in ("1", "true")

# No deadline: the first example of a compiled rule pays for its compilation. Under CI the same examples every time.
_COMMON = settings(deadline=None, derandomize=CI, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", _COMMON, max_examples=25)
settings.register_profile("long", _COMMON, max_examples=300)
settings.load_profile("quick")


@pytest.fixture(autouse=True)
def _language_kept() -> Iterator[None]:
    """Whatever language a test switches to, the next one starts in that of before."""
    before = list(messages._current)
    yield
    messages._current[:] = before


@pytest.fixture
def english() -> Iterator[None]:
    """Messages in English, whatever the machine speaks and whatever a test switches to."""
    before = language()
    use("en")
    yield
    use(before)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked ``needs_debian(package, executable)`` without the executable; where CI=true, fail it."""
    for mark in item.iter_markers("needs_debian"):
        package, executable = mark.args
        if shutil.which(executable) is None:
            reason = f"needs `{executable}`: apt-get install {package}"
            if CI:
                pytest.fail(f"{reason} (add {package} to the packages in .ci/run)", pytrace=False)
            pytest.skip(reason)


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run with a reform, made once for all tests that read results; nobody writes into it."""
    from simulator.scenario import load
    from simulator.study.run import run
    from tests.small import AMPLE, COUNTY, SHORT

    step = "2023-02: {benefit: {resident: {outpatient: {primary: {fund_pays: 90%}, ceiling: 2000 yuan/year}}}}"
    reform = f"reforms={{cheap: {{title: {{en: Cheap, zh: 便宜}}, timeline: {{{step}}}}}}}"
    scenario = load("base", changes=[SHORT, COUNTY, *AMPLE, reform], families=80, months=8)
    out = tmp_path_factory.mktemp("run") / "small"
    return run(scenario, replications=2, out=out, workers=1, threads=1).folder
