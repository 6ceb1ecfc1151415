"""One history: engines, threads, blocks, order of agents, interpreter and machine code give the same bytes.

The digest covers every table, book and account and everything that is reported; the frames are what users get.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.faults.versions import compared
from simulator.agents.family import Family
from simulator.core.jit import COMPILED
from tests.benefit.worlds import EVERYTHING
from tests.random_places import specs
from tests.reach import PAID, believing, offer
from tests.small import COUNTY, ROOT, SCARCE, SHORT, Spec, answer, model, world

WAYS = st.fixed_dictionaries({"threads": st.integers(1, 3), "blocks": st.none() | st.integers(1, 7)})
QUICK = settings(max_examples=10)
# An example of a long test is six runs, or one without compilation.
SOME = settings(max_examples=50, suppress_health_check=list(HealthCheck))


class Itself(Family):
    """Overrides everything, and decides as the rules do."""

    def enrol(self, choice):
        return super().enrol(choice)

    def live(self):
        super().live()

    def choose(self):
        return super().choose()

    def choose_bed(self, episodes):
        return super().choose_bed(episodes)

    def consent(self, episodes):
        super().consent(episodes)

    def receive(self, outcomes):
        return super().receive(outcomes)


def some(model: Any, row: int) -> Family | None:
    """Single families and runs of them that are asked, others that are agents and are not, and many that are none."""
    kind = {0: Itself, 1: Itself, 2: Family, 5: Itself}.get(row % 11)
    return kind(model, row) if kind else None


ASKED = ({"family": some}, {"engine": "agents"}, {"engine": "agents", "shuffle": False})


def same_history(spec: Spec, ways: list[dict[str, Any]]) -> None:
    """The plain run, and every other way to run it: blocks and threads, and those with families who are asked."""
    expected = answer(spec)
    for how in (*ways, *ASKED, {**ways[0], "family": some}):
        assert answer(spec, **how) == expected, how


@QUICK
@given(spec=specs(), ways=st.lists(WAYS, min_size=2, max_size=2))
def test_engines_threads_blocks_and_order(spec: Spec, ways: list[dict[str, Any]]):
    same_history(spec, ways)


@pytest.mark.long
@SOME
@given(spec=specs(families=60, months=6), ways=st.lists(WAYS, min_size=3, max_size=3))
def test_engines_threads_blocks_and_order_long(spec: Spec, ways: list[dict[str, Any]]):
    same_history(spec, ways)


def test_more_blocks_than_families():
    spec = Spec(families=3)
    same_history(spec, [{"blocks": 50}, {"threads": 3, "blocks": 50}, {"threads": 3}])


def test_a_year_of_a_crowded_county():
    """Long enough for a turn of the year, returns and waits of months, and hard enough that beds and slots lack."""
    spec = Spec((SHORT, COUNTY, *SCARCE), families=150, months=13, seed=5)
    same_history(spec, [{"threads": 3, "blocks": 5}])


def test_contracts_outreach_and_consultations(monkeypatch: pytest.MonkeyPatch):
    """Everything that rules can turn on, at once."""
    spec = Spec((SHORT, COUNTY, "population.floating=20%"), families=100, months=12, seed=3)
    believing(monkeypatch, **PAID)
    plain = model(spec, start=offer(world(spec)))
    expected = plain.run().digest()
    assert plain.world.persons["served"].sum() > 10
    assert (plain.world.facilities["outreach"] > 0).any()
    assert {(plain.world.facilities[column] > 0).any() for column in ("consult", "read")} == {True}
    for how in ({"threads": 2, "blocks": 3}, *ASKED):
        assert model(spec, start=offer(world(spec)), **how).run().digest() == expected, how


def test_everything_that_families_pay_by():
    spec = Spec((SHORT, COUNTY, *EVERYTHING), families=80, months=13, seed=3)
    same_history(spec, [{"threads": 2, "blocks": 5}])


@pytest.mark.long
def test_everything_that_families_pay_by_interpreted(other_mode: "Server"):
    spec = Spec((SHORT, COUNTY, *EVERYTHING), families=30, months=3, seed=3)
    assert other_mode(spec) == answer(spec)


def test_the_digest_sees_everything():
    """A law that holds for any digest holds nothing: seed, rules, one fen and one draw change it."""
    base = Spec()
    expected = answer(base)
    assert answer(base._replace(seed=2))["digest"] != expected["digest"]
    assert answer(base._replace(replication=1))["digest"] != expected["digest"]
    richer = base._replace(changes=(*base.changes, "baseline.plans.resident.premium=381 yuan/year"))
    assert answer(richer)["digest"] != expected["digest"]
    for table, column in (("persons", "own_year"), ("families", "trust"), ("facilities", "stay"), ("beliefs", "day")):
        done = model(base).run()
        assert done.digest() == expected["digest"]
        getattr(done.world, table)[column][-2] += 1
        assert done.digest() != expected["digest"], table
    done = model(base).run()
    done.world.facts.bill[2] += 1e-9
    assert done.digest() != expected["digest"]


class Server:
    """A process that answers specs, kept for the whole session because it warms up slowly."""

    def __init__(self, python: str = sys.executable, **environment: str):
        environ = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self.process = subprocess.Popen(
            [python, "-m", "tests.laws.server"],
            cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, spec: Spec) -> dict[str, str]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(spec._asdict()) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the other process ended with {self.process.wait()}"
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(60)


@pytest.fixture(scope="session")
def other_mode() -> Iterator[Server]:
    """Interpreted where these tests are compiled, and the other way round."""
    server = Server(TIERCARE_JIT="0" if COMPILED else "1")
    yield server
    server.close()


@settings(QUICK, max_examples=6)
@given(spec=specs(families=20, months=3, groups=10))
def test_interpreted(other_mode: Server, spec: Spec):
    assert other_mode(spec) == answer(spec)


@pytest.mark.long
@SOME
@given(spec=specs(families=60, months=6, groups=16))
def test_interpreted_long(other_mode: Server, spec: Spec):
    assert other_mode(spec) == answer(spec)


def test_the_other_process_says_what_is_wrong(other_mode: Server):
    """An error there is an answer that equals none of ours, and the process lives on."""
    assert "UserError" in other_mode(Spec(("network.form=star",)))["error"]
    assert "digest" in other_mode(Spec(families=5, months=1))


def crowded(server: Server) -> None:
    spec = Spec((SHORT, COUNTY, *SCARCE), families=120, months=6)
    try:
        assert server(spec) == answer(spec)
        assert server(spec._replace(seed=8)) == answer(spec._replace(seed=8))
    finally:
        server.close()


@pytest.mark.long
def test_with_reference_counting():
    """The fallback, should numba drop the leaner mode."""
    crowded(Server(TIERCARE_NRT="1"))


@pytest.mark.long
def test_other_versions_of_python_and_numpy():
    """Interpreters that have what the simulator needs: those in TIERCARE_PYTHONS, or a Python 3.13 on the path."""
    named = os.environ.get("TIERCARE_PYTHONS", "").split(os.pathsep)
    pythons = [python for python in named if python] or list(filter(None, [shutil.which("python3.13")]))
    needed = "import numba, mesa, pandas, pydantic, yaml, networkx, pyarrow"
    able = [p for p in pythons if not subprocess.run([p, "-c", needed], capture_output=True, check=False).returncode]
    if not able:
        pytest.skip("no other Python with the packages; name some in TIERCARE_PYTHONS")
    assert compared(able)
