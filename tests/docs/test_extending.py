"""The examples of the page on extending run as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simulator import HealthSystem, load
from simulator.core.names import TIERS
from simulator.payment.books import CASES, COVERED, SELF

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "extending.md"


def example(file: str) -> str:
    """The code block that follows the comment naming ``file``."""
    found = re.search(rf"<!-- {re.escape(file)} -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"docs/extending.md has no example {file}"
    return found[1]


@pytest.mark.parametrize("commit", ["the commit", "the commit of a benefit rule"])
def test_the_commit_is_what_the_tree_holds(commit: str) -> None:
    diff = re.search(rf"<!-- {commit} -->\n```diff\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert diff
    files = re.split(r"^diff --git .*\n", diff[1], flags=re.MULTILINE)[1:]
    assert len(files) == 2
    for file in files:
        name = re.search(r"^\+\+\+ b/(.*)$", file, re.MULTILINE)
        added = [line[1:] for line in file.splitlines() if line.startswith("+") and not line.startswith("+++")]
        assert name
        assert "--- /dev/null" in file
        assert (ROOT / name[1]).read_text(encoding="utf-8").splitlines() == added


def test_the_payment_rule_runs(tmp_path: Path) -> None:
    file = tmp_path / "my_place.yaml"
    file.write_text(example("my_place.yaml"), encoding="utf-8")
    changes = ["time.warm_up=1 months"]
    world = HealthSystem(load(file, changes=changes, families=300, months=3)).run().world
    usual = HealthSystem(load("base", changes=changes, families=300, months=3)).run().world
    stations = world.facilities["tier"] == TIERS.index("station")
    visits = world.tally.counts[stations[world.cells["facility"]], CASES].sum()
    assert world.ledger.total(world.tally.ledger, "remote_allowance")[1].sum() == 3000 * visits > 0
    assert (world.beliefs["visit"][stations] == 30).all()
    assert not world.beliefs["visit"][~stations].any()
    assert world.facilities["follow"][stations].mean() > usual.facilities["follow"][stations].mean()


def test_the_benefit_rule_runs() -> None:
    """Who has large bills pays less, and the fund what is missing; nobody else pays another fen on the same bills."""
    changes = ["time.warm_up=1 months", "baseline.benefit.resident.large_bill={above: 200 yuan, fund_pays: 50%}"]
    paid = {}
    for name, said in (("usual", changes[:1]), ("topped up", changes)):
        world = HealthSystem(load("base", changes=said, families=300, months=2), seed=3).run().world
        counts = world.tally.counts
        paid[name] = counts[:, SELF].sum() / counts[:, COVERED].sum()
    assert paid["topped up"] < paid["usual"] - 0.02


def test_a_kind_of_plan_is_one_file(tmp_path: Path) -> None:
    """The page's file, put beside the others, is a kind of plan that has its page and that a scenario uses; nothing
    else is changed. In a process of its own, since what kinds there are is asked when the language is made."""
    for folder in ("simulator", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "simulator/fund/plans/city_policy.py").write_text(example("city_policy.py"), encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(tmp_path), "TIERCARE_JIT": "0"}
    ran = subprocess.run([sys.executable, "-c", CITY], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    premiums, kept, claims = (int(word) for word in ran.stdout.split())
    assert premiums > 0
    assert kept == pytest.approx(premiums / 10, abs=1)
    assert claims > 0


CITY = """
from simulator import HealthSystem, load
from simulator.report.rule_pages import rule_page
assert len(rule_page("city_policy")) > 10
plan = "baseline.plans.city={kind: city_policy, premium: 100 yuan/year, administration: 10%, "
plan += "cover: {bills: {pays: 50%}}}"
place = "network={form: county, townships: 1, villages: 1}"
model = HealthSystem(load("base", changes=["time.warm_up=1 months", place, plan], families=40, months=2)).run()
rows = model.frames()["ledger"].query("`from` == 'city:city' or to == 'city:city'").groupby("kind").fen.sum()
print(rows["city_premium"], rows["operating_fee"], rows["indemnity"])
"""


def test_mesas_runner_of_experiments() -> None:
    space: dict = {}
    exec(compile(example("batch.py"), "batch.py", "exec"), space)
    assert [(row["seed"], row["Step"]) for row in space["rows"]] == [(1, 2), (1, 3), (2, 2), (2, 3)]
    assert all(row["visits_per_person"] > 0 for row in space["rows"])


def test_the_example_of_the_readme_runs() -> None:
    code = re.search(
        r"## As a library\n\n```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert code
    small = code[1].replace("families=2_000, months=24", "families=50, months=2, changes=['time.warm_up=1 months']")
    assert small != code[1]
    space: dict = {}
    exec(compile(small, "README.md", "exec"), space)
    assert len(space["results"].monthly)
    model = space["model"]
    before = model.facilities[0].row.copy()
    model.step()
    assert model.facilities[0].stay == before["stay"]


def test_the_own_families_run() -> None:
    space: dict = {}
    exec(compile(example("families.py"), "families.py", "exec"), space)
    share = {}
    for name in ("usual", "loyal"):
        monthly = space[name].frames()["monthly"].query("indicator == 'visit_share' and tier == 'centre'")
        share[name] = monthly["numerator"].sum() / monthly["denominator"].sum()
    assert share["loyal"] > 1.5 * share["usual"]
