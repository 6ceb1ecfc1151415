import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from driver import ENVIRONMENT, script, wait_for, wait_until
from fake_model import FakeSystem, Population, Scenario

from simulator.core.errors import UserError
from simulator.study import run as study
from simulator.study.folder import RunFolder, begun, place_of, write_part
from simulator.study.lock import Lock, Locked
from simulator.study.results import Results
from simulator.study.run import RunFailed, RunInterrupted, run
from simulator.study.run_tables import TABLES
from simulator.study.seal import ITSELF

TIMES = {"start", "end", "resumed"}
DATA = ("summary.csv", *(f"{name}.parquet" for name in TABLES))


def go(folder, scenario=None, **options):
    return run(
        scenario or Scenario(), **{"model": FakeSystem, "out": folder, "workers": 1, "replications": 2} | options
    )


def whole(folder):
    """All bytes of a run folder, the manifest without times, the sharing out of work, and the state of the checkout."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for key in (*TIMES, "workers", "threads", "commit", "dirty", ITSELF):
        del manifest[key]
    assert {path.name for path in folder.iterdir()} == {"manifest.json", *DATA}
    return manifest, {name: (folder / name).read_bytes() for name in DATA}


def stopped(folder, kind="ctrl-c", unit=("reform", 1), **options):
    with pytest.raises((RunInterrupted, RunFailed)):
        go(folder, Scenario(trouble=(kind, *unit)), **options)


def units_run(monkeypatch):
    """The units that are run from now on."""
    seen = []
    write = study.Task.run

    def watched(self, job, told):
        seen.extend((arm, job.replication) for arm in job.arms)
        return write(self, job, told)

    monkeypatch.setattr(study.Task, "run", watched)
    return seen


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """What an uninterrupted run leaves."""
    return whole(go(tmp_path_factory.mktemp("whole") / "out").folder)


@pytest.mark.parametrize("kind", ["ctrl-c", "error"])
def test_a_stopped_run_goes_on_where_it_stopped(tmp_path, kind, reference, monkeypatch):
    out = tmp_path / "out"
    stopped(out, kind)
    assert not Results.open(out).complete
    ran = units_run(monkeypatch)
    results = go(out)
    assert ran == [("reform", 1)]
    assert whole(out) == reference
    assert {path.name for path in tmp_path.iterdir()} == {"out"}
    assert results.complete
    assert len(results.manifest["resumed"]) == 1


def test_a_run_can_be_stopped_again_and_again(tmp_path, reference, monkeypatch):
    out, ran = tmp_path / "out", units_run(monkeypatch)
    for unit in (("reform", 0), ("baseline", 1), ("reform", 1)):
        stopped(out, unit=unit)
    go(out)
    assert whole(out) == reference
    assert ran[-1:] == [("reform", 1)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_goes_on(tmp_path, workers, reference):
    reached, out = tmp_path / "reached", tmp_path / "results" / "out"
    process = script(tmp_path, workers, trouble=f"wait:{reached}")
    wait_for(reached)
    process.kill()  # -9: it can tidy up nothing
    process.communicate(timeout=60)
    assert not out.exists()
    assert {path.name for path in out.parent.iterdir()} == {"out.unfinished", ".out.lock"}
    assert (out.parent / "out.unfinished" / "parts" / "baseline.0").is_dir()
    with pytest.raises(UserError, match="not finished; go on with: tiercare run --resume"):
        Results.open(out)
    results = go(out)
    assert whole(out) == reference
    assert results.manifest["finished"] == {"baseline": [0, 1], "reform": [0, 1]}
    assert {path.name for path in out.parent.iterdir()} == {"out"}


def children(number):
    return Path(f"/proc/{number}/task/{number}/children").read_text().split()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_processes_end_by_themselves_when_the_one_that_asks_is_killed(tmp_path):
    reached = tmp_path / "reached"
    process = script(tmp_path, 2, trouble=f"wait:{reached}", replications=3)
    wait_for(reached)  # one of them sleeps for a minute now, in the middle of a month
    workers = [Path("/proc", number) for number in children(process.pid)]
    assert len(workers) == 2
    process.kill()
    process.wait()
    start = time.monotonic()
    wait_until(lambda: not any(map(lives, workers)), "a process lives on")
    assert time.monotonic() - start < 20


def lives(process):
    """Whether a process, by its folder in /proc, is there and no mere entry that nobody collected."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_more_replications_can_be_asked_for_and_fewer_cannot(tmp_path, reference):
    stopped(tmp_path / "out", unit=("reform", 0), replications=1)
    go(tmp_path / "out")
    assert whole(tmp_path / "out") == reference
    stopped(tmp_path / "b")
    with pytest.raises(UserError, match=r"b: was begun .* holds more than is asked for \(baseline.1\)"):
        go(tmp_path / "b", replications=1)


@pytest.mark.parametrize(
    ("scenario", "options", "message"),
    [
        (Scenario(population=Population(200)), {}, r"inputs: population.families was 100, is now 200; choose"),
        (Scenario(), {"seed": 7}, r"inputs: seed was 1, is now 7; choose"),
        (Scenario(name="other"), {"seed": 7}, r"inputs: scenario was fake, is now other; seed was 1, is now 7; choose"),
    ],
)
def test_other_inputs_are_refused_by_name(tmp_path, scenario, options, message):
    stopped(tmp_path / "out")
    before = {path.name for path in (tmp_path / "out").iterdir()}
    with pytest.raises(UserError, match=message):
        go(tmp_path / "out", scenario, **options)
    assert {path.name for path in (tmp_path / "out").iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


@pytest.mark.parametrize("name", ["source_hash", "data_hash"])
def test_another_version_of_the_program_is_refused(tmp_path, name):
    stopped(tmp_path / "out")
    file = tmp_path / "out" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {name: "0" * 16}))
    with pytest.raises(UserError, match=r"inputs: the program is another version; choose"):
        go(tmp_path / "out")


def test_the_engine_and_the_sharing_out_may_change(tmp_path, reference):
    stopped(tmp_path / "out")
    go(tmp_path / "out", engine="agents", workers=2, threads=2)
    manifest, data = whole(tmp_path / "out")
    assert manifest | {"engine": "fast"} == reference[0]
    assert data == reference[1]


def test_results_do_not_depend_on_which_arms_were_done_before(tmp_path, reference):
    stopped(tmp_path / "out", unit=("baseline", 0), arms=["reform", "baseline"])
    assert Results.open(tmp_path / "out").manifest["finished"] == {"reform": [0]}
    go(tmp_path / "out")
    assert whole(tmp_path / "out") == reference


def test_the_order_of_arms_changes_no_byte(tmp_path, reference):
    results = go(tmp_path / "out", Scenario(arms={"reform": None, "baseline": None}), arms=["reform", "baseline"])
    assert results.arms == ["reform", "baseline"]
    assert whole(tmp_path / "out")[1] == reference[1]


HOLD = """
import pathlib, sys
from simulator.study.lock import Lock
Lock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
input()
"""


def test_a_second_process_is_refused_and_a_dead_one_is_not_in_the_way(tmp_path):
    lock = tmp_path / ".out.lock"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, lock], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout
    other.stdout.readline()
    with pytest.raises(UserError, match=rf"out: process {other.pid} is writing there$"):
        go(tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {".out.lock"}
    other.send_signal(signal.SIGKILL)
    other.communicate(timeout=30)
    assert lock.exists()
    assert go(tmp_path / "out").complete
    assert not lock.exists()


def test_a_lock_is_for_one_and_goes_with_its_holder(tmp_path):
    first = Lock(tmp_path / "lock")
    with pytest.raises(Locked, match=str(os.getpid())):
        Lock(tmp_path / "lock")
    first.release()
    assert not (tmp_path / "lock").exists()
    Lock(tmp_path / "lock").release()


def test_a_kill_while_the_tables_are_joined_loses_nothing(tmp_path, reference, monkeypatch):
    out = tmp_path / "out"

    def killed(folder, arms):
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(study, "write_summary", killed)
        with pytest.raises(SystemExit):
            go(out)
    assert (tmp_path / "out.unfinished" / "monthly.parquet").exists()
    ran = units_run(monkeypatch)
    go(out)
    assert ran == []
    assert whole(out) == reference


def test_what_a_killed_process_still_wrote_is_kept(tmp_path):
    with RunFolder(tmp_path / "out") as folder:
        folder.begin({})
        place = place_of(folder.parts, ("baseline", 0))
        frames = FakeSystem(Scenario()).frames()
        write_part(place, ("baseline", 0), frames)
        write_part(place, ("baseline", 0), frames)
        assert [path.name for path in folder.parts.iterdir()] == ["baseline.0"]


def test_reopening_takes_everything_from_the_folder(tmp_path, monkeypatch):
    stopped(tmp_path / "out", seed=7, replications=2, command=["tiercare", "run", "fake.yaml"])
    asked = []

    def load(path, changes=(), families=None):
        assert (changes, families) == ((), None)
        asked.append((path.name, path.read_text(encoding="utf-8")))
        return Scenario()

    monkeypatch.setattr("simulator.scenario.load", load)
    for name in ("out", "out.unfinished"):
        scenario, options = study.reopen(tmp_path / name)
        assert options["arms"] == ["baseline", "reform"]
        assert (options["seed"], options["replications"], options["out"]) == (7, 2, tmp_path / "out")
    assert asked == [("fake.yaml", '"population":\n  "families": "100"\n')] * 2
    results = run(scenario, **options, model=FakeSystem, command=["tiercare", "run", "--resume", "out"])
    assert results.complete
    assert results.manifest["command"] == ["tiercare", "run", "fake.yaml"]


def test_there_is_nothing_to_go_on_with(tmp_path):
    with pytest.raises(UserError, match="there are no results"):
        study.reopen(tmp_path / "out")
    go(tmp_path / "out")
    assert begun(tmp_path / "out") is None
    with pytest.raises(UserError, match="this run is finished"):
        study.reopen(tmp_path / "out")
