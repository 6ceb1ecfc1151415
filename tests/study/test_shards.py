"""One simulation in shards: the same bits as in one process, whoever is lost on the way."""

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.benchmarks.phases import RULES
from simulator.core.errors import ModelError
from simulator.engine.runners.sharded import Lost, Question, Shard, pack, unpack
from simulator.engine.state.shard import cut, edges_of, joined
from simulator.study.shards import DaskWorkers, ShardedSystem
from tests.laws.test_plans import PLANS
from tests.small import COUNTY, Spec, fingerprint, model, scenario, world

PLAIN = Spec(changes=("time.warm_up=3 months", COUNTY), families=60, months=4)
PLACE = (COUNTY, "time={start: 2024-02, warm_up: 3 months}")
"""From November to spring: a December, in which years are closed, and a January, in which people choose."""
MANY = Spec(changes=(*PLACE, *RULES["on"]), families=80, months=2)
INSURED = Spec(changes=PLANS, families=60, months=14)
SCORED = ", ".join(
    f"{name}: {{weight: 50%, none_at: 0%, full_at: 90%}}" for name in ("control_share", "first_contact_rate_primary")
)
GROUP = Spec(
    changes=(
        *PLACE,
        "baseline.alliances={group: {form: county_community, lead: county_1, members: {below: county_1}, "
        "tightness: 0.6, unified: [staff, drugs, operations, money]}}",
        "baseline.settlements.budget={for: {alliances: group}, rule: global_budget, amount: {per_head: 2400 "
        f"yuan/year}}, growth: 0%, surplus_kept: 100%, overspend_borne: 100%, scaled_by: {{{SCORED}}}}}",
    ),
    families=80,
    months=2,
)


class Here:
    """Shards in this process, one of which can be told to be lost when it is next heard."""

    def __init__(self, size: int):
        self.size, self.lost, self.made = size, set[int](), 0

    def hosts(self, make: Callable[[int, Path], Shard]) -> "Here":
        self.make = make
        return self

    def start(self, number: int, file: Path, answers: Sequence[Any]) -> dict[str, Any]:
        self.made += 1
        shard = self.make(1, file)
        return {"number": number, "shard": shard, "asked": shard.begin(answers)}

    def question(self, shard: dict[str, Any]) -> Question:
        if shard["number"] in self.lost:
            self.lost.remove(shard["number"])
            shard["shard"].end()
            raise Lost
        return shard["asked"]

    def answer(self, shard: dict[str, Any], answer: Any) -> None:
        shard["asked"] = shard["shard"].answer(answer)

    def end(self, shard: dict[str, Any]) -> None:
        shard["shard"].end()


def sharded(spec: Spec, workers: Any, folder: Path, **how: Any) -> ShardedSystem:
    """A model of a spec whose families are on these workers."""
    return ShardedSystem(scenario(spec), spec.arm, seed=spec.seed, replication=spec.replication, world=world(spec),
                         workers=workers, folder=folder, **how)  # fmt: skip


@pytest.mark.parametrize("spec", [PLAIN, MANY, INSURED, GROUP], ids=["plain", "many rules", "insured", "alliance"])
def test_shards_give_the_bits_of_one_process(spec: Spec, tmp_path: Path):
    """Families, persons, books, indicators and every table of the results."""
    one = model(spec).run()
    three = sharded(spec, Here(3), tmp_path).run()
    assert len(three.driver.shards) == 3
    assert three.digest() == one.digest()
    assert fingerprint(three.frames()) == fingerprint(one.frames())


def test_a_lost_shard_goes_on_from_its_checkpoint(tmp_path: Path):
    """Lost in different months and at different sums, and twice; nobody else begins again."""
    one, workers = model(PLAIN), Here(4)
    four = sharded(PLAIN, workers, tmp_path, every=2)
    began = len(four.driver.shards)
    for month in range(7):
        if month in (1, 2, 5):
            workers.lost |= {month % began, (month + 1) % began}
        one.step()
        four.step()
    assert four.driver.restarts == workers.made - began == 6
    assert four.digest() == one.digest()
    assert len(list(tmp_path.rglob("*.shard"))) == began


def test_arms_part_with_their_shards(tmp_path: Path):
    """A branch goes on from the end of the burn-in, or of the run, the model that it came from as well."""
    one, two = model(PLAIN), sharded(PLAIN, Here(2), tmp_path)
    while one.steps_done < one.burn_in:
        one.step()
        two.step()
    assert two.branch("baseline").run().digest() == one.branch("baseline").run().digest()
    assert two.run().digest() == one.run().digest()
    assert two.branch("baseline").digest() == one.branch("baseline").digest()


def test_shards_must_agree(tmp_path: Path):
    """A shard that has come to other facilities is found out before the next month."""
    workers = Here(2)
    two = sharded(PLAIN, workers, tmp_path)
    two.step()
    two.driver.shards[0]["shard"].world.facilities["altruism"] *= 1.5
    with pytest.raises(ModelError, match="shard 0 differs"):
        two.step()


def test_what_fails_in_a_shard_is_told(tmp_path: Path):
    """With the traceback of where it happened."""
    two = sharded(PLAIN, Here(2), tmp_path)
    two.driver.shards[1]["shard"].world.families["account"][:2] = -1, 1
    with pytest.raises(ModelError, match=r"shard 1 failed(.|\n)*negative account"):
        two.step()


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 1000])
def test_parts_are_whole_communities_and_make_the_whole(parts: int):
    """Cut and joined, the tables are what they were."""
    whole = world(PLAIN)
    edges = edges_of(whole.families, parts)
    pieces = cut(whole, edges)
    communities = [set(piece.families["community"][:-1].tolist()) for piece in pieces]
    assert len(pieces) <= parts
    assert sum(map(len, communities)) == len(set.union(*communities))
    assert all(piece.families["first"][-1] == len(piece.persons) for piece in pieces)
    again = joined(pieces)
    assert again.families.tobytes() == whole.families.tobytes()
    assert again.persons.tobytes() == whole.persons.tobytes()
    assert again.rare.tobytes() == whole.rare.tobytes()


@given(st.lists(st.sampled_from([0, 0, 0, 1, -5, 2**62]), max_size=30), st.booleans())
def test_what_is_sent_arrives(values: list[int], square: bool):
    """Sparse or dense, in its shape, as the receiver's own."""
    array = np.array(values, np.int64)
    array = array.reshape(2, -1) if square and len(values) % 2 == 0 else array
    arrived = unpack(pack(array))
    assert arrived.shape == array.shape
    assert arrived.tolist() == array.tolist()
    assert arrived.flags.writeable
    assert not np.shares_memory(arrived, array)


@pytest.mark.long
def test_four_processes_one_of_which_is_killed(tmp_path: Path):
    """Over dask: a worker dies by a signal in the middle of the run, and the bits are those of one process."""
    from simulator.study.sweep import executors

    one = model(MANY).run()
    with executors.processes(4, tmp_path) as made:
        workers = DaskWorkers(made.client, made.patience, 4)
        four = sharded(MANY, workers, tmp_path)
        began = len(four.driver.shards)
        for month in range(5):
            four.step()
            if month == 2:
                pids = made.client.run(os.getpid)
                os.kill(pids[four.driver.shards[1].worker], signal.SIGKILL)
        assert began == 4
        assert four.driver.restarts == 1
        assert four.digest() == one.digest()
