"""The commands around a study: what they print, and that a mistake is one sentence and exit code 2."""

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.study.sweep.drive import drive
from simulator.study.sweep.store import Store
from simulator.study.sweep.tasks import Shard
from tests.study.sweep.waiting import STUDY

pytestmark = pytest.mark.usefixtures("english")
FILES = ("results.parquet", "results.csv", "summary.parquet", "summary.csv", "results.duckdb")


MODEL = "troubled_model.Troubled"


def tiercare(*words):
    words += ("--model", MODEL) if words[0] in ("resume", "expand", "rerun") and "--model" not in words else ()
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(done, *sentences):
    """Whether a command ended with so many sentences and nothing else."""
    lines = done.stderr.splitlines()
    assert (done.exit_code, done.stdout, len(lines)) == (2, "", len(sentences)), done.stderr
    assert all(sentence in line for sentence, line in zip(sentences, lines, strict=True)), done.stderr


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder of a study of twelve tasks with a failure; copied by tests that change it."""
    from simulator.study.sweep.designs import points_of
    from simulator.study.sweep.read import read_study
    from simulator.study.sweep.tasks import Tasks

    folder = tmp_path_factory.mktemp("commands")
    (folder / "waiting.yaml").write_text(STUDY.format(design="", time="2 minutes"), encoding="utf-8")
    (folder / "trouble").mkdir()
    (folder / "trouble" / "60-1").write_text("error")
    study = read_study(folder / "waiting.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIERCARE_TROUBLE", str(folder / "trouble"))
        drive(Tasks(study, points_of(study), 4, "troubled_model.Troubled"), folder / "out", workers=2)
    return folder / "out"


@pytest.fixture
def out(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "out")


def test_status_counts_and_names_what_failed_and_what_is_damaged(out):
    done = tiercare("status", out)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].startswith("92 %, 11 of 12 tasks, 1 failed")
    assert "this policy cannot be" in done.stdout
    key = next(Store(out).results())
    Store(out).file(key).write_text("{")
    done = tiercare("status", out)
    assert done.stderr == f"the result of task {key} is damaged; tiercare resume runs it again\n"
    assert done.stdout.startswith("83 %, 10 of 12 tasks, 1 failed")


def test_results_are_written_of_what_is_there(out):
    done = tiercare("results", out)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [str(out / name) for name in FILES]
    assert len((out / "results.csv").read_text().splitlines()) == 1 + 11


def test_resume_tries_what_failed_once_more(out):
    done = tiercare("resume", out, "--workers", 1, "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{out}\n", "")
    assert tiercare("status", out).stdout.startswith("100 %, 12 of 12 tasks, 0 failed")
    assert not list((out / "failed").glob("*.json"))


@pytest.mark.parametrize("words", [("resume",), ("expand", "--replications", "+1"), ("rerun", "abc", "--out", "x")])
def test_another_model_is_run_only_where_the_user_names_it(out, words):
    """A folder that names a module of its own does not make the program import it."""
    command, *more = words
    (out / "evil.py").write_text("raise SystemExit('imported')")
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({**manifest, "model": "evil.Model"}))
    refused(tiercare(command, out, *more), "the study runs the model `evil.Model`, which is not the program's own")
    (out / "manifest.json").write_text(json.dumps({**manifest, "model": None}))
    refused(tiercare(command, out, *more), f"the study runs the program's own model, not `{MODEL}`")


def test_what_fails_again_is_told_with_exit_code_1(out, trouble):
    trouble("error", 60, 1)
    done = tiercare("resume", out, "--workers", 1, "--quiet")
    assert done.exit_code == 1
    assert done.stderr == f"1 tasks failed; why, with scenario and traceback: {out / 'failed'}\n"


def test_expand_adds_and_runs_only_what_is_new(out, ran):
    done = tiercare("expand", out, "--replications", "+1", "--workers", 2, "--quiet")
    assert (done.exit_code, done.stdout) == (0, f"{out}\n")
    assert sorted(ran()) == ["40-4", "50-4", "60-1", "60-4"]
    assert tiercare("status", out).stdout.startswith("100 %, 15 of 15 tasks")


@pytest.mark.parametrize("number", ["0", "+0", "ten", "-3", "+1.5"])
def test_expand_wants_a_number(out, number):
    done = tiercare("expand", out, f"--replications={number}")
    refused(done, f"--replications {number}: write how many to add, such as +10")
    assert json.loads((out / "manifest.json").read_text())["replications"] == 4


def test_rerun_says_whether_it_is_the_same(out, tmp_path):
    key = next(Store(out).results())
    done = tiercare("rerun", out, key[:10], "--out", tmp_path / "again")
    assert (done.exit_code, done.stdout) == (
        0,
        f"task {key}: the same as what was kept, to the last bit: {tmp_path / 'again'}\n",
    )
    assert (tmp_path / "again" / "scenario.yaml").is_file()
    store = Store(out)
    result = store.result(key)
    store.keep(result._replace(values={"baseline": {"visits": 1.0}}))
    done = tiercare("rerun", out, key, "--out", tmp_path / "other")
    assert done.exit_code == 1
    assert "not what was kept" in done.stdout
    (failed,) = store.failed()
    assert "there was no result to compare it with" in tiercare("rerun", out, failed, "--out", tmp_path / "new").stdout


def test_rerun_wants_one_task_and_an_empty_folder(out, tmp_path):
    key = next(Store(out).results())
    refused(tiercare("rerun", out, "xyz", "--out", tmp_path / "a"), "there is no task `xyz` in this study")
    refused(tiercare("rerun", out, "", "--out", tmp_path / "a"), "several tasks begin with ``")
    refused(tiercare("rerun", out, key, "--out", out), f"{out}: is in use; results are only written to a new")


@pytest.mark.long
def test_merge_brings_shards_together_and_refuses_strangers(tasks, out, tmp_path):
    for number in (1, 2):
        drive(tasks(), tmp_path / f"part{number}", workers=2, shard=Shard(number, 2))
    damaged = next(Store(tmp_path / "part2").results())
    Store(tmp_path / "part2").file(damaged).write_text("{")
    done = tiercare("merge", tmp_path / "whole", tmp_path / "part1", tmp_path / "part2")
    assert (done.exit_code, done.stdout) == (0, f"11 results brought together: {tmp_path / 'whole'}\n")
    assert damaged in done.stderr
    assert (tmp_path / "whole" / "results.parquet").is_file()
    drive(tasks("seed: 9"), tmp_path / "stranger", workers=2, shard=Shard(1, 12))
    done = tiercare("merge", tmp_path / "whole", tmp_path / "stranger")
    refused(done, "was begun with another study")


@pytest.mark.parametrize(
    "words",
    [("status",), ("resume",), ("results",), ("expand", "--replications", "+1"), ("rerun", "abc", "--out", "x")],
)
def test_a_folder_without_a_study_is_named(words, tmp_path):
    command, *more = words
    refused(tiercare(command, tmp_path, *more), f"{tmp_path}: there is no study in this folder")
    refused(tiercare("merge", tmp_path / "new", tmp_path), f"{tmp_path}: there is no study in this folder")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--workers", "0"], "workers: 0 is too small; 1 or more is expected"),
        (["--shard", "3/2"], "--shard 3/2: write part and number of parts, such as 1/4"),
        (["--shard", "half"], "--shard half: write part and number of parts"),
        (["--slurm", "2", "--cluster", "tcp://127.0.0.1:1"], "write --slurm or --cluster, not both"),
        (["--slurm", "many"], "--slurm: `many` cannot be read; write the number of jobs"),
        (["--slurm", "0"], "--slurm: `0` cannot be read"),
        (["--slurm", "2,core=1"], "--slurm: `core=1` cannot be read"),
        (["--slurm", "2,cores=few"], "--slurm: `cores=few` cannot be read"),
        (["--slurm", "2,cores=0"], "--slurm: `cores=0` cannot be read"),
        (["--slurm", "2,memory"], "--slurm: `memory` cannot be read"),
        (["--slurm", "2,memory=lots"], "--slurm: `memory=lots` cannot be read"),
        (["--slurm", "2,walltime=soon"], "`soon` is no time as Slurm writes it, such as 01:30:00"),
        (["--slurm", "2,queue="], "--slurm: `queue=` cannot be read"),
        (["--slurm", "2,interface=low"], "there is no network `low` on this machine; there are lo"),
        (["--cluster", "somewhere"], "somewhere: no dask scheduler answers there"),
        (["--cluster", "tcp://127.0.0.1:1"], "tcp://127.0.0.1:1: no dask scheduler answers there"),
        (["--cluster", "http://127.0.0.1:80"], "http://127.0.0.1:80: no dask scheduler answers there"),
    ],
)
def test_who_shall_do_the_work_is_refused_in_one_sentence(out, tmp_path, words, sentence, monkeypatch):
    (tmp_path / "sbatch").touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("simulator.study.sweep.executors.CONNECTING", 1)
    refused(tiercare("resume", out, "--quiet", *words), sentence)


def test_slurm_that_is_not_there_is_named(out, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(out) / "nothing"))
    done = tiercare("resume", out, "--quiet", "--slurm", "1,interface=lo")
    refused(done, "there is no `sbatch` on this machine: run it where Slurm takes jobs from")
