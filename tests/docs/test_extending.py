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


def commit_of(name: str) -> dict[str, str]:
    """The files that the commit of this name adds, and their texts."""
    diff = re.search(rf"<!-- {name} -->\n```diff\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert diff, f"docs/extending.md has no commit {name}"
    made = {}
    for file in re.split(r"^diff --git .*\n", diff[1], flags=re.MULTILINE)[1:]:
        path = re.search(r"^\+\+\+ b/(.*)$", file, re.MULTILINE)
        assert path
        assert "--- /dev/null" in file
        added = [line[1:] for line in file.splitlines() if line.startswith("+") and not line.startswith("+++")]
        made[path[1]] = "\n".join(added) + "\n"
    return made


def copy_of_the_tree(folder: Path, *also: str) -> dict[str, str]:
    """A copy of the program in ``folder``, and an environment in which it is the one that runs, as plain Python."""
    for name in ("simulator", "scenarios", *also):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return os.environ | {"PYTHONPATH": str(folder), "TIERCARE_JIT": "0"}


def ran(folder: Path, env: dict[str, str], *words: str) -> str:
    """What Python says in ``folder``."""
    done = subprocess.run([sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def example(file: str) -> str:
    """The code block that follows the comment naming ``file``."""
    found = re.search(rf"<!-- {re.escape(file)} -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"docs/extending.md has no example {file}"
    return found[1]


@pytest.mark.parametrize("commit", ["the commit", "the commit of a benefit rule"])
def test_the_commit_is_what_the_tree_holds(commit: str) -> None:
    files = commit_of(commit)
    assert len(files) == 2
    assert {name: (ROOT / name).read_text(encoding="utf-8") for name in files} == files


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


@pytest.mark.long  # compiles the passes anew
def test_a_kind_of_plan_is_one_file(tmp_path: Path) -> None:
    """The page's file, put beside the others, is a kind of plan that has its page and that a scenario uses; nothing
    else is changed. In a process of its own, since what kinds there are is asked when the language is made."""
    env = copy_of_the_tree(tmp_path)
    (tmp_path / "simulator/fund/plans/city_policy.py").write_text(example("city_policy.py"), encoding="utf-8")
    premiums, kept, claims = (int(word) for word in ran(tmp_path, env, "-c", CITY).split())
    assert premiums > 0
    assert kept == pytest.approx(premiums / 10, abs=1)
    assert claims > 0


def test_a_channel_is_one_file(tmp_path: Path) -> None:
    """The page's file, put beside the others, eases a referral within by its parameter, and can be switched off."""
    env = copy_of_the_tree(tmp_path)
    (tmp_path / "simulator/alliance/kinds/escort.py").write_text(example("escort.py"), encoding="utf-8")
    (tmp_path / "simulator/behaviour/prototype/escort.yaml").write_text(example("escort.yaml"), encoding="utf-8")
    on, off, without = (float(word) for word in ran(tmp_path, env, "-c", ESCORT).split())
    assert on == pytest.approx(off + 0.3)
    assert without == pytest.approx(off)


ESCORT = """
from simulator.alliance.channels import eases
from simulator.core import behaviour
from simulator.scenario.schema.analysis import Analysis, without
on, off, switched = behaviour.row(), behaviour.row("prototype", {"escorted": 0.0}), behaviour.row()
without(Analysis(no_channels=["escort"]), switched)
print(*(eases(0.0, row[0]) for row in (on, off, switched)))
"""


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


@pytest.mark.long  # compiles the passes anew
def test_an_act_is_three_files(tmp_path: Path) -> None:
    """The page's commit, applied to a copy of the tree: doctors open evening clinics where visits pay, results and
    reference show it, and the tests of acts take it up. Nothing else is changed."""
    files = commit_of("the commit of an act")
    assert len(files) == 3
    env = copy_of_the_tree(tmp_path, "tests")
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paid, unpaid, wait, wait_unpaid = (float(word) for word in ran(tmp_path, env, "-c", EVENING).split())
    assert paid > 0.01 > unpaid == 0.0
    assert wait < wait_unpaid
    said = ran(
        tmp_path,
        env,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/practice/test_case_files.py",
        "-k",
        "overtime",
    )
    assert "6 passed" in said


EVENING = """
from simulator import HealthSystem, load
from simulator.report.page.actors import SHOWN
from simulator.scenario.schema.reference import tables_page
assert "### act: overtime" in tables_page() and "`overtime_effort` | 0.05" in tables_page()
assert {"overtime", "margin_evening"} <= {name for name, *_ in SHOWN["centre"]}
small = ["time.warm_up=1 months", "network={form: county, townships: 1, villages: 1}"]
minutes = {"station": 48, "centre": 38, "secondary": 22, "tertiary": 25}  # full clinics
small += [f"facilities.{tier}.consultation={each} minutes" for tier, each in minutes.items()]
rows = []
for change in ([], ["behaviour.parameters.overtime_effort=9"]):
    model = HealthSystem(load("base", changes=[*small, *change], families=60, months=8), seed=2).run()
    rows.append(model.frames()["facilities"])
print(*(r["overtime"].max() for r in rows), *(r["wait"].mean() for r in rows))
"""


@pytest.mark.long  # compiles the passes anew
def test_a_service_is_three_files(tmp_path: Path) -> None:
    """The page's commit, applied to a copy of the tree: people come to check-ups, unknown disease is found, the centre
    is paid to the fen; language, schema, pages and results have it, and the tests of services take it up. Without
    terms nothing of it happens. Nothing else is changed."""
    files = commit_of("the commit of a service")
    assert len(files) == 3
    env = copy_of_the_tree(tmp_path, "tests")
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    came, paid, off, known, known_without = (float(word) for word in ran(tmp_path, env, "-c", CHECKUPS).split())
    assert came > 0
    assert paid == pytest.approx(10_000 * came, abs=100)  # postings are scaled up and rounded one by one
    assert off == 0
    assert known > known_without
    said = ran(tmp_path, env, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/services/test_case_files.py", "-k",
               "checkup")  # fmt: skip
    assert "8 passed" in said


CHECKUPS = """
from simulator import HealthSystem, load
from simulator.core.errors import UserError
from simulator.core.messages import use
from simulator.report.display import word
from simulator.scenario.schema import reference
from simulator.scenario.schema.json_schema import schema
assert "checkup" in schema()["$defs"]["Services"]["properties"]
assert "## baseline.services.checkup" in reference.scenario_page()
assert "### service: checkup" in reference.tables_page()
assert "| `checkups_per_person` | rate |" in reference.indicators_page()
small = ["time.warm_up=1 months", "network={form: county, townships: 1, villages: 1}"]
try:
    load("base", changes=[*small, "baseline.services.checkup={fees: 100 yuan}"])
except UserError as error:
    assert "fee" in str(error)
else:
    raise AssertionError("a misspelt term is taken")
runs = []
for change in (["baseline.services.checkup={fee: 100 yuan}"], []):
    runs.append(HealthSystem(load("base", changes=[*small, *change], families=40, months=4), seed=2).run())
use("zh")
assert word("indicator", "checkups_per_person") == "年人均老年人体检次数"
on, off = (run.frames() for run in runs)
assert on["monthly"].query("indicator == 'checkups_per_person'")["numerator"].sum() > 0
came = on["facilities"]["checkups"].sum()
paid = on["ledger"].query("kind == 'checkup_fee'")["fen"].sum()
known = [(run.world.persons["hypertension"] >= 2).sum() + (run.world.persons["diabetes"] >= 2).sum() for run in runs]
print(came, paid, off["facilities"]["checkups"].sum(), *known)
"""


@pytest.mark.long  # compiles the passes anew
def test_an_event_with_its_indicator_is_two_files(tmp_path: Path) -> None:
    """The page's commit, applied to a copy of the tree: long waits are counted, and their share is an indicator that a
    scenario names, results hold, reports say and rank by, and the page lists. Nothing else is changed."""
    diff = re.search(
        r"<!-- the commit of an event -->\n```diff\n(.*?\n)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert diff
    assert diff[1].count("diff --git") == 2
    env = copy_of_the_tree(tmp_path)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff[1], text=True, check=True)
    waits, contacts, top, bottom = (float(word) for word in ran(tmp_path, env, "-c", LONG_WAITS).split())
    assert 0 < waits < contacts
    assert (top, bottom) == pytest.approx((waits, contacts), rel=1e-12)  # summed in another order


LONG_WAITS = """
from simulator import HealthSystem, load
from simulator.core.messages import use
from simulator.report.display import unit_of, word
from simulator.count.indicators.catalogue import page
from simulator.study.compare import better
small = ["time.warm_up=1 months", "network={form: county, townships: 1, villages: 1}"]
small += ["facilities.centre.wait=90 minutes", "outputs.indicators=[long_wait_share]"]
model = HealthSystem(load("base", changes=small, families=60, months=2), seed=2).run()
use("zh")
assert word("indicator", "long_wait_share") == "候诊超过一小时占比" and unit_of("long_wait_share") == "share"
assert better()["long_wait_share"] == -1
assert "| `long_wait_share` | share | tier |" in page()
places = model.frames()["facilities"]
found = model.frames()["monthly"].query("indicator == 'long_wait_share' and tier == ''")
print(places["long_waits"].sum(), places["first_contacts"].sum(), found["numerator"].sum(), found["denominator"].sum())
"""


def test_the_own_families_run() -> None:
    space: dict = {}
    exec(compile(example("families.py"), "families.py", "exec"), space)
    share = {}
    for name in ("usual", "loyal"):
        monthly = space[name].frames()["monthly"].query("indicator == 'visit_share' and tier == 'centre'")
        share[name] = monthly["numerator"].sum() / monthly["denominator"].sum()
    assert share["loyal"] > 1.5 * share["usual"]
