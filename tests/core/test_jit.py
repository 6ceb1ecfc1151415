"""Compiled code is never older than its sources, and needs no home to write to."""

import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulator.core import jit

ROOT = Path(__file__).resolve().parents[2]

MODULE = "simulator.core.maths"

# A pass of the engine that reads a rule of another room: the chance of cure that a family sees at its station.
ASK = """
import numpy as np
from simulator.benefit.cover import COVER, Cover
from simulator.benefit.layers import PRODUCTS
from simulator.core import behaviour
from simulator.core.clock import CLOCK
from simulator.engine.passes.care.lanes import room
from simulator.engine.passes.care.options import weigh
from simulator.engine.state.episodes import EPISODES
from simulator.engine.state.in_force import Cells, InForce
from simulator.illness.case_groups import CASE_GROUPS
from simulator.engine.state.people import FAMILIES, PEOPLE, RARE
from simulator.engine.state.facilities import FACILITIES
families, rows, lanes = FAMILIES.rows(2), EPISODES.rows(1), room()[0]
families["place"][0, 0], families["first"], families["income"] = 0, [0, 1], 1
rows["severity"] = 0.5
cover = Cover(COVER.rows(2 * 5 * 64 * 2), PRODUCTS.rows(0), 0)
none = np.zeros(2, np.int64)
force = InForce(FACILITIES.rows(1), CASE_GROUPS.rows(1), RARE.rows(1), cover, behaviour.row()[0], CLOCK.rows(1)[0],
                none, Cells(1, 1, 1), 1.0, np.zeros(101))
weigh(families, PEOPLE.rows(1), force, rows, 1, lanes)
print(repr(float(lanes.chance[0, 0])))
"""


def ask(tree: Path, script: str = ASK, **environment: str) -> str:
    """What a fresh interpreter says that has only ``tree`` to import from."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TIERCARE", "PYTHON", "XDG", "NUMBA"))}
    environ |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tree, env=environ, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its scenarios."""
    copy = tmp_path_factory.mktemp("tree")
    for folder in ("simulator", "scenarios"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.long
def test_an_edited_rule_gives_the_new_answer_and_the_old_one_again(tree: Path, cache: Path):
    """numba alone looks only at the file of the function that it compiles, and would keep the old answer."""
    rule = tree / "simulator/choice/place.py"
    text = rule.read_text(encoding="utf-8")
    changed = text.replace("par.cure_slope * (capability - severity)", "par.cure_slope * (capability - severity) + 3.0")
    assert changed != text
    stamp = rule.stat()

    old = ask(tree, TIERCARE_CACHE=str(cache))
    versions = {folder: set(folder.iterdir()) for folder in (cache / "tiercare").iterdir()}
    compiled = {f: f.stat().st_mtime_ns for f in cache.rglob("*.nbi")}
    assert [f.name for f in compiled if "weigh" in f.name]
    try:
        rule.write_text(changed, encoding="utf-8")
        os.utime(rule, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # dates of files play no part
        new = ask(tree, TIERCARE_CACHE=str(cache))
    finally:
        rule.write_text(text, encoding="utf-8")
    assert float(new) > float(old)
    more = {folder.name for folder in versions if set(folder.iterdir()) > versions[folder]}
    assert more == {"simulator.engine.passes.care.options"}
    assert ask(tree, TIERCARE_CACHE=str(cache)) == old
    assert {f: f.stat().st_mtime_ns for f in compiled} == compiled  # found there, not compiled again


def test_an_edit_of_what_no_kernel_imports_compiles_nothing(tree: Path, cache: Path):
    ask(tree, TIERCARE_CACHE=str(cache))
    compiled = {f: f.stat().st_mtime_ns for f in cache.rglob("*.nb?")}
    for name in ("report/display.py", "study/run.py", "scenario/load.py", "model.py"):
        file = tree / "simulator" / name
        file.write_text(file.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    ask(tree, TIERCARE_CACHE=str(cache))
    assert {f: f.stat().st_mtime_ns for f in cache.rglob("*.nb?")} == compiled


def test_interpreted_gives_the_same_answer_and_leaves_no_cache(tree: Path, cache: Path, tmp_path: Path):
    compiled = ask(tree, TIERCARE_CACHE=str(cache))
    assert ask(tree, TIERCARE_JIT="0", TIERCARE_CACHE=str(tmp_path / "none")) == compiled
    assert not (tmp_path / "none").exists()


def test_no_writable_home(tree: Path, cache: Path, tmp_path: Path):
    """A folder below a plain file cannot be made, not even by root."""
    file = tmp_path / "file"
    file.touch()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    homeless = {"HOME": f"{file}/home", "XDG_CACHE_HOME": f"{file}/cache", "TMPDIR": str(temporary)}
    script = "from simulator.core.maths import exp\nfrom simulator.core.jit import cache_folder\n"
    script += "print(float(exp(0.0)), cache_folder('simulator.core.maths'))"
    answer, folder = ask(tree, script, **homeless).split()
    assert answer == "1.0"
    assert Path(folder).is_relative_to(temporary)
    assert any(Path(folder).rglob("*.nbi"))


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A process that can write nowhere but into a temporary folder."""
    jit._last_resort.cache_clear()
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    for name in ("TIERCARE_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "file" / name))
    monkeypatch.setattr(jit.tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


def test_fallbacks_in_order(homeless: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    user = jit.cache_folder(MODULE).parents[1]
    assert user.parent == homeless
    shutil.rmtree(user)
    user.touch()  # somebody else's file where our folder should be
    last = jit.cache_folder(MODULE).parents[1]
    assert last.parent == homeless
    assert last != user
    monkeypatch.delenv("TIERCARE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert jit.cache_folder(MODULE).parents[1] == tmp_path / "xdg" / "tiercare"
    monkeypatch.setenv("TIERCARE_CACHE", str(tmp_path / "own"))
    assert jit.cache_folder(MODULE).parents[1] == tmp_path / "own" / "tiercare"


def test_only_the_versions_used_last_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TIERCARE_CACHE", str(tmp_path))
    monkeypatch.setattr(jit, "KEPT", 3)
    mine, other = tmp_path / "tiercare" / MODULE, tmp_path / "tiercare" / "another"
    hours = time.time() - 2 * jit.IN_USE
    for age, version in enumerate("abcde"):
        for module in (mine, other):
            (module / version / "core").mkdir(parents=True)
            (module / version / "core" / "code.nbi").touch()
            os.utime(module / version, (hours - age, hours - age))
    monkeypatch.setattr(jit.SOURCES, "code_hash", lambda module: "d")  # old, and now used again
    assert jit.cache_folder(MODULE).name == "d"
    monkeypatch.setattr(jit.SOURCES, "code_hash", lambda module: "new")
    jit.cache_folder(MODULE)
    assert sorted(f.name for f in mine.iterdir()) == ["a", "d", "new"]
    assert (mine / "d" / "core" / "code.nbi").exists()
    assert sorted(f.name for f in other.iterdir()) == list("abcde")


def test_a_version_in_use_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Many working copies side by side do not take the code away from each other."""
    monkeypatch.setenv("TIERCARE_CACHE", str(tmp_path))
    monkeypatch.setattr(jit, "KEPT", 2)
    for version in "abcde":
        monkeypatch.setattr(jit.SOURCES, "code_hash", lambda module, version=version: version)
        jit.cache_folder(MODULE)
    assert sorted(f.name for f in (tmp_path / "tiercare" / MODULE).iterdir()) == list("abcde")


@pytest.mark.parametrize("trap", ["open", "link", "other"])
def test_a_temporary_folder_that_others_may_write_to_is_not_used(homeless: Path, trap: str, monkeypatch):
    """What lies in the cache is run as it is."""
    user = homeless / f"tiercare-{os.getuid()}"
    if trap == "open":
        user.mkdir()
        user.chmod(0o777)
    elif trap == "link":
        (homeless / "elsewhere").mkdir(mode=0o700)
        user.symlink_to(homeless / "elsewhere")
    else:
        user.mkdir(mode=0o700)
        stranger, user = os.getuid() + 1, homeless / f"tiercare-{os.getuid() + 1}"
        user.mkdir(mode=0o700)
        monkeypatch.setattr(jit.os, "getuid", lambda: stranger)
    folder = jit.cache_folder(MODULE).parents[1]
    assert folder.parent == homeless
    assert folder != user
    assert folder.stat().st_mode & 0o077 == 0


def test_kernels_do_not_reach_what_is_not_compiled():
    """An edit of rules of payment, of plans, of the language or of how months are arranged compiles no pass anew."""
    sources = jit.Sources()
    kernels = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in (ROOT / "simulator").rglob("*.py")
        if re.search(r"^@compiled|= (written_out|compiled_pass)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(kernels) > 50
    apart = ("fund", "payment", "scenario", "agents", "study", "report", "cli", "engine/phases", "engine/terms")
    for kernel in kernels:
        room = "/".join(kernel.split(".")[1:-1])
        for file in sources.reach(kernel):
            name = str(file.relative_to(jit.PACKAGE))
            assert name != "engine/state/world.py", kernel
            assert name.startswith(room) or not name.startswith(apart), f"{kernel} reaches {name}"


def test_modes_do_not_share_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """numba's index holds the same function of both modes under one key."""
    monkeypatch.setenv("TIERCARE_CACHE", str(tmp_path))
    monkeypatch.setattr(jit, "COUNTED", False)
    lean = jit.cache_folder(MODULE)
    monkeypatch.setattr(jit, "COUNTED", True)
    assert jit.cache_folder(MODULE) != lean


def test_what_reaches_a_kernel(tmp_path: Path):
    """Imports anywhere in a file, of modules and of names, over several lines, and the rooms that a file loads."""
    files = {
        "core/__init__.py": "", "core/rooms.py": "", "core/one.py": "import simulator.core.two\n", "core/two.py": "",
        "act.py": "def f():\n    from simulator.core import (\n        one,  # the first\n    )\n",
        "benefit/__init__.py": "", "benefit/further_cover.py": "from simulator.core.rooms import rooms\n",
        "benefit/rules/__init__.py": "", "benefit/rules/share.py": "", "apart.py": "",
    }  # fmt: skip
    root = tmp_path / "simulator"
    for name, text in {"__init__.py": "", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    def reached(module: str) -> set[str]:
        return {str(f.relative_to(root)) for f in jit.Sources(root).reach(module)}

    assert reached("simulator.act") == {"act.py", "core/__init__.py", "core/one.py", "core/two.py"}
    assert reached("simulator.benefit.further_cover") >= {"benefit/rules/share.py", "core/rooms.py"}
    before = jit.Sources(root).code_hash("simulator.act")
    (root / "apart.py").write_text("x = 1")
    assert jit.Sources(root).code_hash("simulator.act") == before
    (root / "core/two.py").write_text("x = 1")
    assert jit.Sources(root).code_hash("simulator.act") != before


def test_the_hash_reads_names_and_texts(tmp_path: Path):
    (tmp_path / "a").mkdir()
    rule = tmp_path / "a" / "rule.py"
    rule.write_text("x = 1\n")
    first = jit.source_hash(tmp_path)
    rule.write_text("x = 2\n")
    assert jit.source_hash(tmp_path) != first
    rule.write_text("x = 1\n")
    assert jit.source_hash(tmp_path) == first
    rule.rename(tmp_path / "a" / "other.py")
    assert jit.source_hash(tmp_path) != first


TWO = """
from simulator.core.maths import exp
from simulator.core import kernels
translated = []
made = kernels._Whole.compile_extra
kernels._Whole.compile_extra = lambda self, func: translated.append(func.__name__) or made(self, func)
print(float(exp(0.5)), len(translated))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")
def test_of_two_processes_one_compiles(tree: Path, tmp_path: Path):
    with ThreadPoolExecutor() as pool:
        said = list(pool.map(lambda _: ask(tree, TWO, TIERCARE_CACHE=str(tmp_path)).split(), range(2)))
    assert said[0][0] == said[1][0]
    assert sorted(int(count) > 0 for _, count in said) == [False, True]


@pytest.mark.long
def test_a_rule_is_compiled_with_what_calls_it(tree: Path, tmp_path: Path):
    """Only what Python calls becomes machine code; what that calls is translated and linked into it."""
    ask(tree, TIERCARE_CACHE=str(tmp_path))
    kept = {f.name.split("-")[0] for f in tmp_path.rglob("*.nbi")}
    assert "options.weigh" in kept
    assert not any("value_options" in name for name in kept)
