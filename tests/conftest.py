"""How much hypothesis tries, and what happens where a Debian package of the tests is missing."""

import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from simulator.core.messages import language, use

CI = os.environ.get("CI", "").lower() in ("1", "true")

# No deadline: the first example of a compiled rule pays for its compilation. Under CI the same examples every time.
_COMMON = settings(deadline=None, derandomize=CI, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", _COMMON, max_examples=25)
settings.register_profile("long", _COMMON, max_examples=300)
settings.load_profile("quick")


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
