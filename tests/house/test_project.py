"""The house itself: floors, lock files, the Makefile, what must not be in the repository."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import simulator

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock")
MAKE = shutil.which("make")
GIT = shutil.which("git")


def command(*words: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it said."""
    environ = {**os.environ, **environment}
    return subprocess.run(words, cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=120)


def pins(lock: str) -> dict[str, str]:
    """Name and version of every pinned distribution."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_floors():
    """No room imports from a floor above or beside it."""
    script = "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo', '--no-cache'])"
    done = command(sys.executable, "-c", script)
    assert done.returncode == 0, done.stdout


def test_every_floor_of_the_map_is_held():
    """The floors that import-linter holds are the floors that the package's docstring shows."""
    (contract,) = [c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["id"] == "floors"]
    held = [room.strip(" ()") for layer in contract["layers"] for room in layer.split("|")]
    shown = re.findall(r"^\d+ +``(\w+)``", simulator.__doc__ or "", re.MULTILINE)
    assert sorted(held) == sorted(shown)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host(lock: str):
    """A lock carries names, versions and hashes; where to fetch them is the business of those who install."""
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|^\s*(-i|-f|--(extra-)?index|--find-links|--trusted-host)| @ |file:", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_a_hash_for_every_pin(lock: str):
    """pip refuses the whole file where one pin has no hash."""
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_locks_agree():
    """What is tested is what is run: the developer's lock holds every pin of the running one."""
    running, developing = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: developing.get(name) for name in running} == running


def test_locks_hold_what_the_project_asks_for():
    """A dependency added to pyproject.toml is locked before it is used."""
    wanted = {
        "requirements.lock": PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"],
        "requirements-dev.lock": PROJECT["project"]["optional-dependencies"]["dev"],
    }
    for lock, requirements in wanted.items():
        names = {re.split(r"[^a-z0-9-]", requirement)[0] for requirement in requirements}
        assert names <= pins(lock).keys(), f"make lock: {lock} lacks {names - pins(lock).keys()}"


def test_python_version():
    """pyenv and uv read .python-version; the metadata and the tools must mean the same."""
    version = (ROOT / ".python-version").read_text().strip()
    assert version == "3.12"
    assert PROJECT["project"]["requires-python"] == f">={version}"
    assert PROJECT["tool"]["ty"]["environment"]["python-version"] == version
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + version.replace(".", "")


def test_one_version():
    """The citation names the version that the package has."""
    assert f"version: {simulator.__version__}\n" in (ROOT / "CITATION.cff").read_text()


@pytest.mark.skipif(GIT is None or not (ROOT / ".git").exists(), reason="not a git checkout")
def test_nothing_tracked_that_must_not_be():
    """Pins live in the two lock files; run folders stay out of git."""
    tracked = command("git", "ls-files").stdout.split("\n")
    assert [f for f in tracked if Path(f).name == "uv.lock"] == []
    results = [f for f in tracked if f.startswith("results/")]
    published = ("results/benchmarks/", "results/battery/", "results/validation/", "results/README.md")
    assert [f for f in results if not f.startswith(published)] == []


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What `make setup` reads, in an empty folder."""
    for name in ("Makefile", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def python_that_says(folder: Path, version: tuple[int, int]) -> Path:
    """An executable that is this Python but for the version it reports."""
    fake = folder / "python"
    fake.write_text(
        f"#!{sys.executable}\nimport sys\nsys.version_info = ({version[0]}, {version[1]}, 0, 'final', 0)\n"
        "assert sys.argv[1] == '-c', 'too old a Python is only asked for its version'\nexec(sys.argv[2])\n"
    )
    fake.chmod(0o755)
    return fake


@pytest.mark.skipif(MAKE is None, reason="needs make")
@pytest.mark.parametrize("target", ["setup", "run", "test", "lint"])
def test_older_python_is_told_what_to_install(clone: Path, target: str):
    """One sentence and exit code 2, and no half-made environment."""
    done = command("make", target, f"PYTHON={python_that_says(clone, (3, 10))}", cwd=clone)
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode == 2
    assert len(said) == 1
    assert "needs Python 3.12 or newer" in said[0]
    assert "install" in said[0]
    assert not (clone / ".venv").exists()


@pytest.mark.skipif(MAKE is None, reason="needs make")
def test_setup_is_not_repeated_until_a_lock_changes(clone: Path):
    """`make -q` says by its exit code whether there is anything to do."""
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to(sys.executable)
    database = command("make", "-pn", "help", cwd=clone).stdout
    (stamp,) = re.findall(r"^RUNNING := (.+)$", database, re.MULTILINE)
    assert command("make", "-q", stamp, cwd=clone).returncode == 1
    (clone / stamp).touch()
    assert command("make", "-q", stamp, cwd=clone).returncode == 0
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# another pin\n")
    database = command("make", "-pn", "help", cwd=clone).stdout
    assert f"RUNNING := {stamp}" not in database


@pytest.mark.parametrize(("ci", "outcome"), [("true", "1 error"), ("", "1 skipped")])
def test_missing_debian_package(tmp_path: Path, ci: str, outcome: str):
    """A user's machine skips with a reason; CI, which should have installed it, fails."""
    (tmp_path / "test_drawing.py").write_text(
        "import pytest\n\n\n@pytest.mark.needs_debian('nobodys-package', 'nobodys-tool')\ndef test_it():\n    pass\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = needs_debian(package, executable): as in the project\n")
    done = command(
        *(sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "-p", "tests.conftest"),
        *("-c", tmp_path / "pytest.ini", tmp_path),
        CI=ci,
    )
    assert outcome in done.stdout
    assert "apt-get install nobodys-package" in done.stdout
