import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from driver import script, wait_for
from fake_model import FakeSystem, Finding, Scenario

from simulator.core.errors import ModelError, UserError
from simulator.count.indicators.catalogue import INDICATORS
from simulator.study import facilities
from simulator.study.folder import RunFolder, place_of, write_part
from simulator.study.results import Results
from simulator.study.run import Progress, RunFailed, RunInterrupted, run
from simulator.study.run_tables import MONTHLY, TABLES

FILES = {"manifest.json", "summary.csv", *(f"{name}.parquet" for name in TABLES)}


def go(tmp_path, scenario=None, **options: Any):
    defaults: dict[str, Any] = {"model": FakeSystem, "out": tmp_path / "out", "workers": 1}
    return run(scenario or Scenario(), **defaults | options)


def kept(stop):
    assert stop.results is not None
    return stop.results


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_a_run_leaves_one_folder_with_everything_in_it(tmp_path):
    results = go(tmp_path, replications=3, command=["tiercare", "run", "fake.yaml"])
    assert names(tmp_path) == {"out"}
    assert names(results.folder) == FILES
    assert len(results.monthly) == 2 * 3 * 14 * 3
    assert results.monthly.columns.tolist() == [column.name for column in MONTHLY.columns]
    units = results.monthly[["arm", "replication"]].drop_duplicates().to_numpy().tolist()
    assert units == [["baseline", 0], ["baseline", 1], ["baseline", 2], ["reform", 0], ["reform", 1], ["reform", 2]]
    assert results.accounts["closing"].tolist() == (-results.ledger["fen"]).tolist()
    assert results.summary["period"].unique().tolist() == ["2023-03/2024-02"]
    twice = results.summary.set_index(["arm", "indicator"])["mean"]
    assert twice["reform", "visits_per_person"] == pytest.approx(2 * twice["baseline", "visits_per_person"])
    again = Results.open(results.folder)
    assert again.summary.equals(results.summary)
    assert INDICATORS["visits_per_person"].text.localized in again._repr_html_()


def test_the_manifest_tells_how_to_repeat_the_run(tmp_path):
    results = go(tmp_path, replications=2, seed=7, arms=["baseline"], command=["tiercare", "run", "fake.yaml"])
    manifest = results.manifest
    assert manifest["complete"] is True
    assert manifest["asked"] == manifest["finished"] == {"baseline": [0, 1]}
    assert (manifest["seed"], manifest["families"], manifest["engine"]) == (7, 100, "fast")
    assert manifest["command"] == ["tiercare", "run", "fake.yaml"]
    assert manifest["scenario"]["resolved"] == {"population": {"families": "100"}}
    assert {"tiercare", "python", "numpy", "numba", "mesa"} <= manifest["versions"].keys()
    assert manifest["start"] <= manifest["end"]
    assert manifest["machine"]["cores"] >= 1
    assert len(manifest["source_hash"]) == 16


def test_columns_carry_units_and_meanings(tmp_path):
    folder = go(tmp_path).folder
    ledger, facilities = pq.read_schema(folder / "ledger.parquet"), pq.read_schema(folder / "facilities.parquet")
    assert ledger.field("fen").metadata[b"unit"] == b"fen"
    assert facilities.field("beds_held").metadata == {b"unit": b"beds", b"meaning": b"beds of the whole place"}
    assert facilities.field("slots").metadata[b"unit"] == b"visits/month"  # as the facility table declares it


def test_facilities_are_kept_by_year_and_by_month_on_request(tmp_path):
    """Fourteen months from January are two years; the fake model has 1.5 slots and 3 beds held in every month."""
    usual = go(tmp_path, out=tmp_path / "usual", arms=["baseline"])
    assert usual.facilities["year"].tolist() == ["2023", "2024"]
    assert usual.facilities[["slots", "beds_held"]].to_numpy().tolist() == [[1.5, 3], [1.5, 3]]
    assert usual.tiers["month"].nunique() == len(usual.tiers) == 14
    with pytest.raises(UserError, match="--facility-months"):
        _ = usual.facility_months
    whole = go(tmp_path, out=tmp_path / "whole", arms=["baseline"], facility_months=True)
    assert len(whole.facility_months) == 14
    assert whole.facilities.equals(usual.facilities)


def test_means_over_a_year_and_a_tier():
    """Two centres and a station over three months of two years."""
    months = pd.DataFrame(
        {
            "month": np.repeat(["2023-11", "2023-12", "2024-01"], 3),
            "facility": ["a", "b", "c"] * 3,
            "tier": ["centre", "centre", "station"] * 3,
            "kind": "general",
            "area": "county",
            "visits": [1.0, 2.0, 4.0, 3.0, 4.0, 6.0, 5.0, 7.0, 8.0],
        }
    )
    tables = facilities.kept({"facilities": months})
    assert tables["facilities"][["year", "facility", "visits"]].to_numpy().tolist() == [
        ["2023", "a", 2.0], ["2023", "b", 3.0], ["2023", "c", 5.0],
        ["2024", "a", 5.0], ["2024", "b", 7.0], ["2024", "c", 8.0],
    ]  # fmt: skip
    assert tables["tiers"][["month", "tier", "visits"]].to_numpy().tolist() == [
        ["2023-11", "centre", 1.5], ["2023-11", "station", 4.0], ["2023-12", "centre", 3.5],
        ["2023-12", "station", 6.0], ["2024-01", "centre", 6.0], ["2024-01", "station", 8.0],
    ]  # fmt: skip
    assert "facility_months" not in tables


def test_results_do_not_depend_on_who_did_the_work(tmp_path):
    alone = go(tmp_path, replications=3, out=tmp_path / "alone", workers=1)
    shared = go(tmp_path, replications=3, out=tmp_path / "shared", workers=2)
    assert shared.manifest["workers"] == 2
    for name in FILES - {"manifest.json"}:
        assert (alone.folder / name).read_bytes() == (shared.folder / name).read_bytes(), name


def test_progress_counts_every_month(tmp_path):
    seen = []
    go(tmp_path, replications=2, arms=["baseline"], progress=seen.append)
    assert sorted({p.months for p in seen}) == list(range(33))
    assert all(p.months - 1 <= 16 * p.units + 15 and p.months >= 16 * p.units for p in seen)
    assert seen[-1] == Progress(32, 32, 2, 2)


def test_arms_share_one_burn_in(tmp_path):
    seen = []
    go(tmp_path, replications=2, progress=seen.append)
    assert seen[-1] == Progress(2 * (2 + 2 * 14), 60, 4, 4)


def test_ctrl_c_keeps_what_is_finished(tmp_path):
    with pytest.raises(RunInterrupted) as stop:
        go(tmp_path, Scenario(trouble=("ctrl-c", "reform", 1)), replications=3)
    results = kept(stop.value)
    assert names(tmp_path) == {"out"}
    assert names(results.folder) == FILES | {"parts"}
    assert not results.complete
    assert results.manifest["asked"] == {"baseline": [0, 1, 2], "reform": [0, 1, 2]}
    assert results.manifest["finished"] == {"baseline": [0, 1], "reform": [0]}
    units = set(results.monthly[["arm", "replication"]].itertuples(index=False, name=None))
    assert units == {("baseline", 0), ("baseline", 1), ("reform", 0)}


def test_ctrl_c_before_anything_is_finished_leaves_nothing(tmp_path):
    with pytest.raises(RunInterrupted) as stop:
        go(tmp_path, Scenario(trouble=("ctrl-c", "baseline", 0)))
    assert stop.value.results is None
    assert names(tmp_path) == set()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_names_the_replication_and_keeps_the_others(tmp_path, workers):
    with pytest.raises(RunFailed, match=r"^reform, replication 1: fund:resident: lost 3 fen$") as failure:
        go(tmp_path, Scenario(trouble=("error", "reform", 1)), replications=2, workers=workers)
    assert "ModelError" in failure.value.trace
    manifest = kept(failure.value).manifest
    assert manifest["failed"] == "reform, replication 1: fund:resident: lost 3 fen"
    assert not manifest["complete"]
    finished = manifest["finished"]
    assert 1 in finished["baseline"]
    assert 1 not in finished.get("reform", [])
    assert workers == 2 or finished == {"baseline": [0, 1], "reform": [0]}  # what another process is at is given up


def test_a_failure_in_the_burn_in_is_of_no_arm(tmp_path):
    with pytest.raises(RunFailed, match=r"^burn-in of replication 0: no beds$"):
        go(tmp_path, model=Bedless)
    assert names(tmp_path) == set()


class Bedless(FakeSystem):
    """Fails in its first month."""

    def step(self):
        raise ModelError("no beds")


def test_a_process_that_dies_is_noticed(tmp_path):
    with pytest.raises(RunFailed, match="reform, replication 0: its process was ended"):
        go(tmp_path, Scenario(trouble=("death", "reform", 0)), workers=2)


def test_a_model_of_the_users_own_script_is_run_here(tmp_path):
    process = script(tmp_path, workers=2, model="class Mine(FakeSystem):\n    pass")
    out, err = process.communicate(timeout=60)
    assert (out.strip(), err) == ("4", "")
    assert Results.open(tmp_path / "results" / "out").manifest["workers"] == 1


def test_a_script_needs_no_guard(tmp_path):
    process = script(tmp_path, workers=2)
    out, err = process.communicate(timeout=90)
    assert (out.strip(), err) == ("4", "")


@pytest.mark.parametrize("workers", [1, 2])
def test_the_signal_of_a_terminal_keeps_what_is_finished(tmp_path, workers):
    reached = tmp_path / "reached"
    process = script(tmp_path, workers, trouble=f"wait:{reached}")
    wait_for(reached)  # replication 0 hangs in its second arm; another process may do replication 1 meanwhile
    if workers == 2:
        wait_for(tmp_path / "results" / "out.unfinished" / "parts" / "reform.1")
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: to all processes of the terminal
    out, err = process.communicate(timeout=60)
    assert (out.strip(), err) == ("1" if workers == 1 else "3", "")
    assert names(tmp_path / "results") == {"out"}
    assert names(tmp_path / "results" / "out") == FILES | {"parts"}


def test_a_part_is_never_half_written(tmp_path, monkeypatch):
    frames = FakeSystem(Scenario()).frames()
    parts = tmp_path / "parts"
    parts.mkdir()
    write = pq.write_table

    def fails(table, path, **options):
        write(table, path, **options)
        if path.name == "ledger.parquet":
            raise OSError("disk full")

    monkeypatch.setattr(pq, "write_table", fails)
    with pytest.raises(OSError, match="disk full"):
        write_part(parts / "baseline.0", ("baseline", 0), frames)
    assert not (parts / "baseline.0").exists()
    monkeypatch.setattr(pq, "write_table", write)
    write_part(parts / "baseline.0", ("baseline", 0), frames)
    assert names(parts) == {"baseline.0"}


def test_joining_that_fails_leaves_nothing_under_the_final_name(tmp_path):
    folder = RunFolder(tmp_path / "out")
    folder.begin({})
    part = place_of(folder.parts, ("baseline", 0))
    write_part(part, ("baseline", 0), FakeSystem(Scenario()).frames())

    def fails(place, arms):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        folder.close([("baseline", 0)], {}, fails)
    assert not (tmp_path / "out").exists()
    assert part.is_dir()  # what was computed is still there


def test_nothing_is_overwritten(tmp_path):
    first = go(tmp_path)
    before = (first.folder / "manifest.json").read_bytes()
    with pytest.raises(UserError, match="in use"):
        go(tmp_path)
    assert (first.folder / "manifest.json").read_bytes() == before
    (tmp_path / "empty").mkdir()
    assert go(tmp_path, out=tmp_path / "empty").complete


def test_runs_without_a_folder_get_one_of_their_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folders = {go(tmp_path, out=None).folder for _ in range(3)}
    assert len(folders) == 3
    assert {folder.parent for folder in folders} == {tmp_path / "results" / "fake"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"arms": ["reforn"]}, r"no arm `reforn`.*did you mean `reform`"),
        ({"arms": []}, "at least one arm"),
        ({"engine": "fats"}, r"no engine `fats`.*did you mean `fast`"),
        ({"replications": 0}, "replications: 0 is too small"),
        ({"threads": 0}, "threads: 0 is too small"),
        ({"seed": -1}, "seed: -1 is too small"),
    ],
)
def test_arguments_that_cannot_be_are_refused(tmp_path, options, message):
    with pytest.raises(UserError, match=message):
        go(tmp_path, **options)
    assert names(tmp_path) == set()


def test_a_folder_in_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        go(tmp_path, out=tmp_path / "file" / "out")


def test_there_are_no_results_where_nothing_ran(tmp_path):
    with pytest.raises(UserError, match="no results"):
        Results.open(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.pop("ledger"), "gave no ledger"),
        (lambda f: f["ledger"].__delitem__("fen"), "missing columns .'fen'."),
        (lambda f: f["ledger"].insert(0, "yuan", 1.0), "unknown columns .'yuan'."),
        (lambda f: f["monthly"].__setitem__("value", f["monthly"]["value"] + 1), "is not numerator / denominator"),
        (lambda f: f["monthly"].__setitem__("value", float("nan")), "is not finite"),
        (lambda f: f["monthly"].__setitem__("denominator", f["monthly"]["denominator"] * 0), "has a zero denominator"),
        (lambda f: f["monthly"].__setitem__("month", "2023-01"), "stands there twice"),
        (lambda f: f["ledger"].__setitem__("fen", 0.5), "table ledger, column fen"),
    ],
)
def test_tables_that_break_their_declaration_are_refused(tmp_path, change, message):
    frames = FakeSystem(Scenario()).frames()
    change(frames)
    with pytest.raises(ValueError, match=message):
        write_part(tmp_path / "part", ("baseline", 0), frames)
    assert not (tmp_path / "part").exists()


def test_the_manifest_is_json_that_others_can_read(tmp_path):
    text = (go(tmp_path, Scenario(findings=(Finding("bed_use", (0.8, "share")),))).folder / "manifest.json").read_text()
    assert json.loads(text)["scenario"]["title"] == ["A place", "某地"]


@pytest.mark.parametrize("arm", ["../../evil", "/tmp/evil", ".hid", "..", "a/b"])
def test_no_arm_is_kept_elsewhere(arm: str, tmp_path: Path) -> None:
    """Whatever checks names before: the folder of an arm lies in that of the run, or there is none."""
    with pytest.raises(UserError, match=r"cannot be the name of a folder|不能作为文件夹名称"):
        place_of(tmp_path / "parts", (arm, 0))
