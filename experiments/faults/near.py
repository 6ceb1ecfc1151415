"""The tests near a room, run on a copy of the checkout in a process of their own; for mutation.py."""

import json
import os
import re
import signal
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from experiments.faults.signs import RULES


def used() -> float:
    """Seconds of the processor so far, of this process and of those that it waited for."""
    return sum(os.times()[:4])


class Tests:
    """A plugin of pytest: the nearest tests first, within a number of seconds, and each within one of its own. Seconds
    are those of the processor, so that a busy machine kills nobody.

    ``took`` has the seconds of those tests that are tried, empty for all. Then none is left out but those that take too
    long, and whoever fails does not end it.
    """

    def __init__(self, file: str, took: dict[str, float]):
        self.stem, self.took, self.first = Path(file).stem, took, not took
        self.ends = used() + RULES["seconds"]
        self.late: set[str] = set()
        self.failed, self.ran, self.began = "", 0, 0.0

    def pytest_sessionstart(self, session: Any) -> None:
        """Remember whom to stop."""
        self.session = session

    def pytest_collectreport(self, report: Any) -> None:
        """A mutant that cannot even be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Those that name the file, then those of a file that does, then the quick ones."""
        texts: dict[Path, str] = {}
        word = re.compile(rf"\b{re.escape(self.stem)}\b")

        def rank(item: Any) -> tuple[int, float]:
            path = Path(item.fspath)
            text = texts.setdefault(path, path.read_text(encoding="utf-8"))
            nearness = 0 if word.search(item.nodeid) else 1 if word.search(text) else 2
            return nearness, self.took[item.nodeid]

        if not self.first:
            items[:] = sorted((item for item in items if item.nodeid in self.took), key=rank)

    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> None:
        """An alarm for a test that does not end."""
        self.began = used()
        signal.setitimer(signal.ITIMER_PROF, RULES["each"] if self.first else 10 + 4 * self.took[item.nodeid])

    def pytest_runtest_logreport(self, report: Any) -> None:
        """What failed."""
        self.ran += report.when == "call"
        if not report.failed:
            return
        if "Endless" in str(report.longrepr):
            self.late.add(report.nodeid)
        if not self.failed and not (self.first and report.nodeid in self.late):
            self.failed = report.nodeid

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        """How long it took, and whether there is time for another."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        if self.first:
            self.took[nodeid] = used() - self.began
        elif used() > self.ends:
            self.session.shouldstop = "time is over"

    def said(self) -> dict[str, Any]:
        """What came of it: the test that failed, whether it did not end, those that are quick enough."""
        quick = {name: took for name, took in self.took.items() if name not in self.late}
        return {"failed": self.failed, "endless": self.failed in self.late, "ran": self.ran, "took": quick}


class Endless(Exception):
    """A test takes far longer than it should."""


def run(copy: Path, room: str, tests: Tests) -> None:
    """The tests of a room in a copy of the checkout, in this process, which is good for nothing else after it."""
    import pytest
    from hypothesis import HealthCheck, settings

    def late(number: int, frame: Any) -> None:
        raise Endless

    signal.signal(signal.SIGPROF, late)
    settings.register_profile(
        "mutants", max_examples=RULES["examples"], deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    named = [*RULES["rooms"][room], f"simulator/{room}"]
    words = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=mutants", *(() if tests.first else ("-x",))]
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        pytest.main([*words, *named], plugins=[tests])
    import simulator

    assert Path(simulator.__file__).is_relative_to(copy), simulator.__file__


def in_child(copy: Path, room: str, file: str, took: dict[str, float]) -> dict[str, Any]:
    """What the tests said, from a process that is begun for them and ends with them."""
    receive, send = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.close(receive)
        tests = Tests(file, took)
        try:
            run(copy, room, tests)
        finally:
            with os.fdopen(send, "w") as out:
                out.write(json.dumps(tests.said()))
            os._exit(0)
    os.close(send)
    with os.fdopen(receive) as heard:
        text = heard.read()
    os.waitpid(child, 0)
    died = {"failed": "the process died", "endless": False, "ran": 0, "took": {}}
    return {**(json.loads(text) if text else died), "seconds": round(time.monotonic() - started, 1)}
