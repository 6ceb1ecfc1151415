"""Tasks come to their end whatever happens to one of them, and the tables do not tell how it went."""

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from simulator.core.errors import UserError
from simulator.study.sweep import begin
from simulator.study.sweep import result_tables as made
from simulator.study.sweep.drive import drive
from simulator.study.sweep.rerun import merge, rerun
from simulator.study.sweep.result_tables import write
from simulator.study.sweep.store import Store, unwritable
from simulator.study.sweep.study_results import Sweep
from simulator.study.sweep.tasks import Shard

pytestmark = pytest.mark.usefixtures("english")
TABLES = ("results.parquet", "results.csv", "summary.parquet", "summary.csv")


def tables(folder: Path) -> dict[str, bytes]:
    write(folder)
    return {name: (folder / name).read_bytes() for name in TABLES}


def test_a_study_once_and_again(tasks, ran, tmp_path):
    """All tasks run once; the same again runs nothing; workers make no difference; any task can be repeated."""
    out = tmp_path / "out"
    seen = drive(tasks(), out, workers=2)
    assert (seen.done, seen.of, seen.failed, seen.complete) == (12, 12, 0, True)
    assert sorted(ran()) == sorted(f"{wait}-{n}" for wait in (40, 50, 60) for n in range(4))
    first = tables(out)
    assert drive(tasks(), out).before == 12
    assert len(ran()) == 12
    drive(tasks(), tmp_path / "one", workers=1)
    assert tables(tmp_path / "one") == first

    sweep = Sweep(out)
    table = sweep.results
    assert list(table.columns) == ["point", "policy", "sample", "wait", "arm", "replication", "task", "visits"]
    assert list(table["wait"].unique()) == [40.0, 50.0, 60.0]
    # Replications are common to all points: only the wait itself is between them, 10 minutes over 20 people.
    differences = sweep.summary.set_index("wait")
    assert differences.loc[60.0, ["difference", "diff_low", "diff_high"]].tolist() == pytest.approx([0.5] * 3)
    assert differences.loc[50.0, "difference"] != differences.loc[50.0, "difference"]

    manifest = sweep.manifest
    assert {"source_hash", "data_hash", "lock_hash", "seed", "machine", "begun", "digest"} <= manifest.keys()
    (session, *_) = sweep.store.sessions()
    assert session["end"] is not None
    assert session["done"] == 12


def test_tables_written_in_pieces_are_the_whole_ones(tasks, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert drive(tasks(), out, workers=2).complete
    write(out)
    whole = {name: (out / name).read_bytes() for name in ("results.csv", "summary.csv")}
    frames = [pd.read_parquet(out / f"{name}.parquet") for name in ("results", "summary")]
    monkeypatch.setattr(made, "ROWS", 4)  # a point
    write(out)
    assert {name: (out / name).read_bytes() for name in whole} == whole
    for name, frame in zip(("results", "summary"), frames, strict=True):
        assert pq.ParquetFile(out / f"{name}.parquet").num_row_groups == 3
        pd.testing.assert_frame_equal(pd.read_parquet(out / f"{name}.parquet"), frame)
    assert frames[1].groupby("wait")["difference"].count().to_dict() == {40: 1, 50: 0, 60: 1}
    pd.testing.assert_frame_equal(made.results(out), frames[0], check_dtype=False)
    pd.testing.assert_frame_equal(made.summary(out), frames[1], check_dtype=False)


def test_an_expanded_study_is_the_one_asked_for_at_once(tasks, ran, tmp_path):
    drive(tasks(), tmp_path / "out", workers=1)
    more = begin.expand(tmp_path / "out", 2)
    seen = drive(more, tmp_path / "out", workers=1)
    assert (seen.done, seen.before) == (18, 12)
    assert len(ran()) == 18
    assert set(Sweep(tmp_path / "out").results["replication"]) == set(range(6))


@pytest.mark.parametrize(
    ("kind", "state", "why"),
    [
        pytest.param("loop", "time", "ran longer than 15 seconds", marks=pytest.mark.long),
        pytest.param("hog", "memory", "", marks=pytest.mark.long),
        pytest.param("segfault", "crashed", "signal 11", marks=pytest.mark.long),
        ("error", "error", "this policy cannot be"),
    ],
)
def test_trouble_costs_its_own_run_and_nothing_else(kind, state, why, tasks, trouble, ran, tmp_path):
    """It is recorded with scenario and traceback; once the trouble is gone, resuming runs that task alone."""
    cause = trouble(kind, 50, 2)
    out = tmp_path / "out"
    asked = tasks(time="15 seconds" if kind == "loop" else "60 seconds")
    seen = drive(asked, out, workers=2)
    assert (seen.done, seen.failed) == (11, 1)
    ((name, said),) = Sweep(out).failures.items()
    assert (said["state"], said["replication"], said["values"]) == (state, 2, {"wait": "50 minutes"})
    assert why in said["why"]
    assert said["scenario"]["facilities"]["tertiary"]["wait"] == "50 minutes"
    assert said["tries"] == (2 if kind == "segfault" else 1)
    if kind in ("error", "hog"):
        assert "troubled_model.py" in "\n".join(said["traceback"])
    cause.unlink()
    before = len(ran())
    assert drive(asked, out, workers=2).complete
    assert ran()[before:] == ["50-2"]
    assert Sweep(out).failures == {}
    assert name in set(Sweep(out).results["task"])


def test_a_child_that_dies_once_is_tried_again(tasks, trouble, tmp_path):
    trouble("once", 40, 0)
    assert drive(tasks(), tmp_path / "out", workers=1).complete


@pytest.mark.long
def test_shards_merged_are_the_whole(tasks, tmp_path):
    drive(tasks(), tmp_path / "whole", workers=2)
    asked = tasks()
    for number in (1, 2, 3):
        seen = drive(asked, tmp_path / "shared", workers=1, shard=Shard(number, 3))
        drive(asked, tmp_path / f"apart{number}", workers=1, shard=Shard(number, 3))
        assert (seen.of, seen.complete) == (4, True)
    assert merge(tmp_path / "merged", [tmp_path / f"apart{n}" for n in (1, 2, 3)], print) == 12
    assert tables(tmp_path / "shared") == tables(tmp_path / "merged") == tables(tmp_path / "whole")


def test_a_damaged_result_is_named_and_run_again(tasks, ran, tmp_path):
    out = tmp_path / "out"
    drive(tasks(), out, workers=1)
    good = tables(out)
    one, other, *_ = Store(out).results()
    Store(out).file(one).write_text(Store(out).file(one).read_text().replace("visits", "vizits"))
    os.truncate(Store(out).file(other), 20)
    told = []
    assert drive(tasks(), out, workers=1, warn=told.append).complete
    assert len(ran()) == 14
    assert len(told) == 2
    assert one in told[0] + told[1]
    assert "is damaged; it is put aside as" in told[0]
    assert tables(out) == good


def test_another_version_or_another_study_is_refused(tasks, tmp_path, monkeypatch):
    out = tmp_path / "out"
    drive(tasks(), out, workers=1)
    with pytest.raises(UserError, match="another study"):
        drive(tasks("seed: 9"), out)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").touch()
    with pytest.raises(UserError, match="in use"):
        drive(tasks(), tmp_path / "used")
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(manifest | {"source_hash": "0123456789abcdef"}))
    with pytest.raises(UserError, match="another version of the program"):
        drive(tasks(), out)


def test_a_folder_that_cannot_be_written_is_named(tasks, tmp_path, monkeypatch):
    """Whether it was so from the beginning, or became so while children were at work."""
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file"):
        drive(tasks(), tmp_path / "file" / "out")
    full = unwritable(tmp_path, OSError(28, "No space left on device"))
    assert "the disk is full" in str(full)
    out = tmp_path / "out"
    begin.open_or_begin(tasks(), out)
    shutil.rmtree(out / "tasks")
    (out / "tasks").touch()
    with pytest.raises(UserError, match="cannot be written"):
        drive(tasks(), out, workers=2)
    (out / "tasks").unlink()
    assert drive(tasks(), out, workers=2).complete


@pytest.mark.long
def test_a_stop_rule_adds_replications_the_same_way_for_everybody(tasks, tmp_path):
    asked = tasks("stop_when: {outcome: visits, interval_below: 1.5, at_most: 30}")
    seen = drive(asked, tmp_path / "two", workers=2)
    assert seen.complete
    assert 12 < seen.done < 90
    for number in (1, 2):
        drive(asked, tmp_path / "shards", workers=1, shard=Shard(number, 2))
    assert tables(tmp_path / "two") == tables(tmp_path / "shards")
    widths = Sweep(tmp_path / "two").summary
    assert ((widths["high"] - widths["low"]) <= 1.5).all()


@pytest.mark.long
def test_a_real_run_repeated_is_the_same_to_the_bit(tmp_path):
    """One task of the real model in a child, then again here with all its tables."""
    from simulator.study.sweep.designs import points_of
    from simulator.study.sweep.read import read_study
    from simulator.study.sweep.tasks import Tasks

    file = tmp_path / "small.yaml"
    file.write_text(
        "format: 1\ntitle: {en: S, zh: 小}\nquestion: Is it so?\nscenario: base\n"
        "changes: {population: {families: 60}, time: {warm_up: 1 months, end: 2023-02}}\n"
        "levers:\n  pays: {sets: baseline.benefit.resident.outpatient.centre.fund_pays, values: [70%]}\n"
        "outcomes:\n  first: {indicator: first_contact_rate_primary}\ndesign: {kind: grid}\n",
        encoding="utf-8",
    )
    study = read_study(file)
    drive(Tasks(study, points_of(study), 1), tmp_path / "out", workers=1)
    (key,) = Store(tmp_path / "out").results()
    again = rerun(tmp_path / "out", key[:8], tmp_path / "again")
    assert again.same
    assert (tmp_path / "again" / "baseline.0" / "monthly.parquet").is_file()
