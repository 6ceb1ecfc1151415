"""The real model: arms that share a burn-in are those that were run on their own, whoever runs them."""

import os
import signal
import subprocess
import sys

import pytest
from driver import ENVIRONMENT, wait_until

from simulator.model import HealthSystem
from simulator.scenario import load
from simulator.simulation import Simulation
from simulator.study.branches import branches, lived
from simulator.study.folder import place_of
from simulator.study.run import RunInterrupted, reopen, run

TEXT = """
format: 1
extends: base.yaml
title: {en: A county, zh: 某县}
description: {en: A county, zh: 某县}
time: {start: 2023-01, end: 2023-04, warm_up: 2 months}
population: {families: 200}
network: {form: county, townships: 2, villages: 2, tertiary_outside: 1}
reforms:
  cheap:
    title: {en: Less for an admission, zh: 降低住院支付}
    timeline:
      2023-02: {payment: {inpatients: {base_rate: 2000 yuan}}}
  generous:
    title: {en: More for the patient, zh: 提高报销}
    timeline:
      2023-01: {benefit: {resident: {inpatient: {secondary: {fund_pays: 95%, deductible: 0 yuan}}}}}
"""
DATA = ("monthly", "facilities", "referrals", "ledger", "accounts")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("scenario") / "county.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def county(file):
    return load(file)


@pytest.mark.parametrize("engine", ["fast", "agents"])
def test_a_branch_is_the_same_as_a_run_of_its_own(county, engine):
    base = HealthSystem(county, engine=engine, seed=3, replication=1)
    base.run_for(base.burn_in)
    digests = set()
    for arm in county.arms:
        alone = HealthSystem(county, arm=arm, engine=engine, seed=3, replication=1).run()
        branch = base.branch(arm).run()
        assert branch.digest() == alone.digest()
        frames = branch.frames()
        for name, frame in alone.frames().items():
            assert frames[name].equals(frame), (arm, name)
        digests.add(alone.digest())
    assert len(digests) == 3  # the reforms do something
    assert base.steps_done == base.burn_in


@pytest.mark.parametrize("engine", ["fast", "agents"])
def test_arms_share_the_months_before_their_rules_differ(county, engine):
    """`cheap` changes in the second reported month: it may branch until then, and is the same as on its own."""
    base = HealthSystem(county, engine=engine, seed=3, replication=1)
    base.run_for(base.burn_in + 1)
    alone = HealthSystem(county, arm="cheap", engine=engine, seed=3, replication=1).run()
    branch = base.branch("cheap").run()
    assert branch.digest() == alone.digest()
    for name, frame in alone.frames().items():
        assert branch.frames()[name].equals(frame), name
    mesa = branch.datacollector.get_model_vars_dataframe()
    assert mesa.equals(alone.datacollector.get_model_vars_dataframe())
    with pytest.raises(ValueError, match="baseline and generous already differ"):
        base.branch("generous")
    base.step()
    with pytest.raises(ValueError, match="baseline and cheap already differ"):
        base.branch("cheap")
    same = base.branch("baseline").run()
    assert same.digest() == base.run().digest()


def test_arms_grow_like_a_tree(county):
    tree = branches(county, ["baseline", "cheap", "generous"])
    assert tree.until == 0
    both, generous = tree.goes_on
    assert (both.arm, both.arms, both.until) == ("baseline", ("baseline", "cheap"), 1)
    assert [(b.arm, b.until) for b in both.goes_on] == [("baseline", 4), ("cheap", 4)]
    assert (generous.arm, generous.until, generous.goes_on) == ("generous", 4, ())
    assert lived(county, ["baseline", "cheap", "generous"]) == 2 + 1 + 3 + 3 + 4
    assert branches(county, ["baseline", "generous", "cheap"]).in_order() == ("baseline", "cheap", "generous")
    # without the baseline too the burn-in is lived under its rules
    assert branches(county, ["cheap"]).goes_on[0].arm == "cheap"
    assert lived(county, ["cheap"]) == 2 + 4


@pytest.mark.long
def test_results_do_not_depend_on_workers_or_threads(county, tmp_path):
    ways = {
        "one": {"workers": 1, "threads": 1},
        "two": {"workers": 2, "threads": 2},
        "threads": {"threads": 2, "workers": 1},
    }
    results = {name: run(county, replications=2, out=tmp_path / name, **way) for name, way in ways.items()}
    for other in ("two", "threads"):
        for name in (*(f"{table}.parquet" for table in DATA), "summary.csv"):
            same = (results["one"].folder / name).read_bytes() == (results[other].folder / name).read_bytes()
            assert same, (other, name)
    found = results["one"].summary.set_index(["arm", "indicator", "tier", "plan", "part", "alliance"])
    paid = found.loc[("cheap", "fund_paid_per_admission", "", "", "", "")]
    assert paid["difference"] < 0
    assert paid["diff_low"] < paid["difference"] < paid["diff_high"]


def test_a_scenario_comes_back_from_its_folder(county, tmp_path, monkeypatch):
    def stopped(self, arm):
        if arm == "cheap":
            raise KeyboardInterrupt
        return branch(self, arm)

    branch = Simulation.branch
    whole = run(county, out=tmp_path / "whole", workers=1)
    with monkeypatch.context() as patch:
        patch.setattr(Simulation, "branch", stopped)
        with pytest.raises(RunInterrupted):
            run(county, out=tmp_path / "out", workers=1)
    scenario, asked = reopen(tmp_path / "out")
    assert asked["arms"] == ["baseline", "cheap", "generous"]
    again = run(scenario, **asked)
    for name in DATA:
        assert (again.folder / f"{name}.parquet").read_bytes() == (whole.folder / f"{name}.parquet").read_bytes(), name
    assert again.manifest["scenario"] == whole.manifest["scenario"]


@pytest.mark.long
@pytest.mark.parametrize("threads", [1, 2])
def test_a_killed_run_of_the_real_model_goes_on(county, file, tmp_path, threads):
    changes = ["--set", "time.end=2023-12", "--families", "2000", "--replications", "3", "--parameters", "one"]
    command = [sys.executable, "-m", "simulator", "run", file, *changes, "--out", tmp_path / "out", "--quiet"]
    process = subprocess.Popen([*command, "--threads", str(threads)], env=ENVIRONMENT)
    parts = tmp_path / "out.unfinished" / "parts"
    wait_until(lambda: process.poll() is not None or place_of(parts, ("cheap", 1)).is_dir(), "it does not get on")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = len(list(parts.glob("[!.]*")))
    assert 1 < kept < 9
    again = [sys.executable, "-m", "simulator", "run", "--resume", tmp_path / "out", "--quiet"]
    subprocess.run(again, env=ENVIRONMENT, check=True, timeout=600)
    whole = load(file, changes=["time.end=2023-12"], families=2000)
    reference = run(whole, replications=3, out=tmp_path / "whole")
    for name in (*(f"{table}.parquet" for table in DATA), "summary.csv"):
        alike = (tmp_path / "out" / name).read_bytes() == (reference.folder / name).read_bytes()
        assert alike, name  # pytest would look for where megabytes differ
