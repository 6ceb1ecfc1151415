import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.errors import UserError, UserErrors
from simulator.core.jit import PACKAGE

sys.path.insert(0, str(Path(__file__).parent / "study"))
from fake_model import FakeSystem, Scenario  # ty: ignore[import-not-found]

needs_model = pytest.mark.skipif(find_spec("simulator.model") is None, reason="the model is not there yet")
BASE = str(PACKAGE.parent / "scenarios" / "base.yaml")


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fake(monkeypatch):
    """A scenario and a model that take no time; returns what ``load`` was asked for and may be told what to give."""
    asked = {"gives": Scenario(arms={"baseline": None})}

    def load(path, changes=(), families=None, months=None, with_=()):
        asked.update(path=path, changes=changes, families=families, months=months, with_=with_)
        if isinstance(asked["gives"], Exception):
            raise asked["gives"]
        return asked["gives"]

    monkeypatch.setattr("simulator.scenario.load", load)
    monkeypatch.setattr("simulator.study.workers.simulation", lambda engine: FakeSystem)
    # a report tells of a real scenario: tests/report
    monkeypatch.setattr("simulator.report.page.page.write_report", lambda results, scenario: None)
    monkeypatch.setattr("simulator.report.unused.Unused.lines", lambda self: iter(()))
    return asked


def tiercare(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_run_ends_with_the_table_and_the_path(fake, tmp_path):
    out = tmp_path / "out"
    done = tiercare("run", "fake.yaml", "--out", out, "--families", 50, "--months", 6, "--set", "a.b=1", "--set", "c=2")
    assert done.exit_code == 0
    assert (fake["families"], fake["months"], fake["changes"]) == (50, 6, ["a.b=1", "c=2"])
    assert fake["with_"] == []
    assert "visits per person-year" in done.stdout
    assert done.stdout.splitlines()[-1] == f"results: {out}"
    assert (out / "manifest.json").is_file()


def test_quiet_prints_the_path_and_nothing_else(fake, tmp_path):
    done = tiercare("run", "fake.yaml", "--out", tmp_path / "out", "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{tmp_path / 'out'}\n", "")


def test_chinese(fake, tmp_path):
    done = tiercare("run", "fake.yaml", "--out", tmp_path / "out", "--lang", "zh")
    assert "某地" in done.stdout
    assert "年人均就诊次数" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("结果：")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--engine", "fats"], "there is no engine `fats`; write one of fast, agents; did you mean `fast`?"),
        (["--families", "0"], "families: 0 is too small; 1 or more is expected"),
        (["--months", "-3"], "months: -3 is too small; 1 or more is expected"),
        (["--replications", "0"], "replications: 0 is too small; 1 or more is expected"),
        (["--threads", "0"], "threads: 0 is too small; 1 or more is expected"),
        (["--seed", "-1"], "seed: -1 is too small; 0 or more is expected"),
        (["--arms", "baselin"], "there is no arm `baselin`; there are baseline; did you mean `baseline`?"),
        (["--lang", "fr"], "there is no language `fr`; write one of en, zh"),
        (["--out", "OUT"], "OUT: is in use; results are only written to a new or an empty folder"),
        (["--out", "OUT/file/out"], "OUT/file/out: cannot be written: Not a directory"),
    ],
)
def test_wrong_options_are_refused_in_one_sentence(fake, tmp_path, words, message):
    (tmp_path / "file").write_text("")
    words, message = ([w.replace("OUT", str(tmp_path)) for w in words], message.replace("OUT", str(tmp_path)))
    done = tiercare("run", "fake.yaml", *words)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{message}\n")


def test_options_that_are_no_numbers_or_unknown_are_refused():
    assert tiercare("run", "fake.yaml", "--families", "many").exit_code == 2
    assert tiercare("run", "fake.yaml", "--family", "3").exit_code == 2
    assert tiercare("runs").exit_code == 2


def test_every_mistake_of_a_scenario_has_its_line(fake):
    fake["gives"] = UserErrors(
        [UserError("wrong", "a.yaml", 2, 3, "time.start"), UserError("bad", "a.yaml", 9, 1, "x")]
    )
    done = tiercare("run", "a.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "a.yaml:2:3: time.start: wrong\na.yaml:9:1: x: bad\n"


def test_a_failure_is_one_line_and_a_traceback_in_a_file(fake, tmp_path):
    fake["gives"] = Scenario(arms={"baseline": None}, trouble=("error", "baseline", 1))
    done = tiercare("run", "fake.yaml", "--replications", 2, "--out", tmp_path / "out", "--threads", 1)
    failed, kept, resume, trace = done.stderr.splitlines()
    assert done.exit_code == 1
    assert failed == "failed: baseline, replication 1: fund:resident: lost 3 fen"
    assert kept == f"stopped; 1 of 2 runs were finished and kept: {tmp_path / 'out'}"
    assert resume == f"go on with: tiercare run --resume {tmp_path / 'out'}"
    file = Path(trace.removeprefix("traceback: "))
    assert "ModelError: fund:resident: lost 3 fen" in file.read_text()
    file.unlink()


def test_ctrl_c_says_what_was_kept_and_the_run_goes_on_from_there(fake, tmp_path):
    out = tmp_path / "out"
    fake["gives"] = Scenario(arms={"baseline": None}, trouble=("ctrl-c", "baseline", 2))
    done = tiercare("run", "fake.yaml", "--replications", 3, "--seed", 7, "--out", out, "--threads", 1)
    assert done.exit_code == 1
    kept, resume = done.stderr.splitlines()
    assert kept == f"stopped; 2 of 3 runs were finished and kept: {out}"
    fake["gives"] = Scenario(arms={"baseline": None})
    done = tiercare(*resume.removeprefix("go on with: tiercare ").split(), "--threads", 1)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, f"results: {out}"), done.stderr
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["complete"], manifest["seed"], manifest["finished"]) == (True, 7, {"baseline": [0, 1, 2]})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "name a scenario to run, or a folder to go on with: --resume DIR"),
        (["--resume", "OUT"], "OUT: there are no results of a run"),
        (["fake.yaml", "--resume", "OUT"], "--resume goes on with what was asked for then; leave out SCENARIO"),
        (
            ["--resume", "OUT", "--seed", "1", "--set", "a=1", "--quiet"],
            "--resume goes on with what was asked for then; leave out --seed, --set",
        ),
    ],
)
def test_resuming_takes_nothing_but_the_folder(fake, tmp_path, words, message):
    out = str(tmp_path / "out")
    done = tiercare("run", *(word.replace("OUT", out) for word in words))
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", message.replace("OUT", out) + "\n")


def test_ctrl_c_before_anything_is_finished(fake, tmp_path):
    fake["gives"] = Scenario(arms={"baseline": None}, trouble=("ctrl-c", "baseline", 0))
    done = tiercare("run", "fake.yaml", "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (1, "stopped; no run was finished, nothing was kept\n")
    assert not (tmp_path / "out").exists()


def test_check_goes_on_after_a_scenario_that_is_wrong(fake, monkeypatch):
    fake["gives"] = UserError("wrong", "a.yaml", 2, 3)
    done = tiercare("check", "a.yaml", "b.yaml")
    assert (done.exit_code, done.stderr) == (2, "a.yaml:2:3: wrong\n" * 2)


def test_a_file_that_is_not_there():
    done = tiercare("check", "bas.yaml")
    assert done.exit_code == 2
    assert "bas.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_schema_is_the_json_schema(tmp_path):
    printed = tiercare("schema")
    assert printed.exit_code == 0
    assert "baseline" in json.loads(printed.stdout)["properties"]
    assert tiercare("schema", "--out", tmp_path / "schema.json").exit_code == 0
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == printed.stdout


def test_version():
    from simulator import __version__

    assert tiercare("--version").stdout == f"tiercare {__version__}\n"


def python(*words):
    path = {"PYTHONPATH": str(PACKAGE.parent)}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, env=os.environ | path, timeout=60)


@pytest.mark.parametrize(
    "words", [("-m", "simulator", "--help"), ("-m", "simulator", "run", "--help"), ("-c", "import simulator")]
)
def test_help_and_import_load_nothing_heavy(words):
    done = python("-X", "importtime", *words)
    assert done.returncode == 0
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time")}
    assert imported & {"numpy", "pandas", "numba", "mesa", "pyarrow", "yaml", "networkx", "simulator.scenario"} == set()


def test_exported_names_come_from_their_rooms():
    code = "import simulator as s; s.load, s.run, s.Results; print(s.run.__module__, s.load.__module__)"
    assert python("-c", code).stdout.split() == ["simulator.study.run", "simulator.scenario.load"]
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        __import__("simulator").lod  # noqa: B018


@needs_model
def test_the_base_runs_to_its_end(tmp_path):
    out = tmp_path / "out"
    done = tiercare("run", BASE, "--families", 300, "--months", 2, "--set", "time.warm_up=1 month", "--out", out)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, f"results: {out}"), done.stderr


def test_overrides_reach_the_scenario_and_warnings_the_error_stream(fake, tmp_path):
    fake["gives"] = fake["gives"]._replace(warnings=("what changes in 2024-01 falls away",))
    done = tiercare("run", "fake.yaml", "--out", tmp_path / "out", "--with", "a", "--with", "b", "--quiet")
    assert (done.exit_code, fake["with_"]) == (0, ["a", "b"])
    assert done.stderr == "what changes in 2024-01 falls away\n"


COUNTY = str(Path(__file__).parent / "scenario" / "data" / "county_community.yaml")


def test_check_tells_payers_of_every_arm_time_and_memory():
    done = tiercare("check", COUNTY, "--replications", 5)
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"{COUNTY}: valid: A county community: global budget, surplus retained" in done.stdout
    assert re.search(r"inpatients +tertiary +inpatient +residents +30 +1", done.stdout)
    assert "community_budget from 2018-01" in done.stdout
    assert re.search(r"about .* memory: 5 replication\(s\) of 4 arm\(s\), 20,000 families, 84 ", done.stdout)


def test_check_tells_the_origin_of_a_value_and_nothing_else():
    done = tiercare("check", COUNTY, "--origin", "population.poor", "--with", "old_county")
    title, _, first, second = done.stdout.splitlines()
    assert title.strip() == "population.poor = 12%"
    assert "judgement" in first
    assert second.startswith("→ 12%")
    wrong = tiercare("check", COUNTY, "--origin", "population.por")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean `population.poor`" in wrong.stderr


def test_list_and_rules_and_a_rule_that_is_unknown():
    assert "base_2017.yaml" in tiercare("list").stdout
    assert "按病组付费" in tiercare("list", "--lang", "zh").stdout
    groups = tiercare("list", "--groups", "base", "--lang", "zh").stdout
    assert "diabetes_ip" in groups
    assert "糖尿病" in groups
    assert "fee_for_service" in tiercare("rules").stdout
    assert "salary = doctors × basic / 12" in tiercare("rules", "salary").stdout
    assert tiercare("rules", "salery", "--lang", "en").stderr == "unknown rule `salery`; did you mean `salary`?\n"


@needs_model
def test_check_of_the_base():
    done = tiercare("check", BASE)
    assert done.exit_code == 0, done.stderr
    assert re.search(r"inpatients +tertiary +inpatient +residents +\d", done.stdout)


@pytest.fixture
def played(monkeypatch):
    """A runner of the problem book that takes no time; returns what it was asked for and may be told to be stopped."""
    from simulator.problems.run import BookInterrupted, Outcome
    from simulator.study.paired import Paired

    asked = {}

    def run_problems(problems, **how):
        asked.update(how, ids=[problem.id for problem in problems])
        found = Paired(0.02, 0.04, 0.02, 0.015, 0.025)
        outcomes = [Outcome(problem, found if problem.is_run else None) for problem in problems]
        if asked.get("stopped"):
            raise BookInterrupted(outcomes[:1])
        return outcomes

    monkeypatch.setattr("simulator.problems.run.run_problems", run_problems)
    return asked


def test_the_problem_book_ends_with_its_table_and_file(played, tmp_path):
    words = [
        "problems",
        "P01",
        "p09",
        "--out",
        tmp_path / "book",
        "--replications",
        "4",
        "--families",
        50,
        "--carriers",
    ]
    done = tiercare(*words)
    assert done.exit_code == 0
    assert played["ids"] == ["P01_transfer_is_loss", "P09_ffs_dominance"]
    assert (played["replications"], played["families"], played["seed"], played["carriers"]) == (4, 50, 1, True)
    assert "P01 A transfer is a loss" in done.stdout
    assert "shown: 1 of 1 that were run, 1 of them behavioural" in done.stdout
    assert len((tmp_path / "book" / "problems.csv").read_text(encoding="utf-8").splitlines()) == 3
    assert "转诊即亏损" in tiercare(*words, "--lang", "zh").stdout


def test_a_stopped_problem_book_keeps_what_was_finished(played, tmp_path):
    played["stopped"] = True
    done = tiercare("problems", "P01", "P02", "--out", tmp_path / "book")
    assert (done.exit_code, done.stderr) == (1, "stopped; of 2 problems 1 were run to their end\n")
    assert (tmp_path / "book" / "problems.csv").read_text(encoding="utf-8").splitlines()[1].startswith("P01_")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["P99"], "there is no problem `P99` in the book; did you mean `P"),
        (["P1_transfer_is_loss"], "did you mean `P01_transfer_is_loss`?"),
        (["--replications", "1"], "replications: 1 is too small; 2 or more is expected"),
        (["--families", "0"], "families: 0 is too small; 1 or more is expected"),
        (["--seed", "-1"], "seed: -1 is too small; 0 or more is expected"),
    ],
)
def test_the_problem_book_refuses_what_cannot_be(played, words, message):
    done = tiercare("problems", *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "ids" not in played
