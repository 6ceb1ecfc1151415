"""Modules that wait until somebody looks into them."""

import importlib
import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from simulator.core.later import later


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package whose module says that it ran, and asks itself for a name of its own."""
    folder = tmp_path / "waiting_package"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "import sys\nsys.ran.append(__name__)\nfrom waiting_package import inner\nx = 1\n"
    )
    (folder / "inner.py").write_text("import sys\nsys.ran.append(__name__)\ny = 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "ran", [], raising=False)
    for name in ("waiting_package", "waiting_package.inner"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return "waiting_package"


def test_it_runs_when_a_name_is_asked_for(package: str):
    with later(package):
        module = importlib.import_module(package)
    inspect.getmodule(len)  # looks at the files of all modules
    assert sys.ran == []
    assert module.x == 1
    assert sys.ran == [package, f"{package}.inner"]
    assert type(module) is ModuleType
    with pytest.raises(AttributeError, match="nothing"):
        _ = module.nothing


def test_what_is_below_it_loads_it_first(package: str):
    with later(package):
        importlib.import_module(package)
    inner = importlib.import_module(f"{package}.inner")
    assert inner.y == 2
    assert inner is sys.modules[package].inner
    assert sys.ran == [package, f"{package}.inner"]


def test_afterwards_imports_are_as_ever(package: str):
    with later("another"):
        pass
    importlib.import_module(package)
    assert sys.ran == [package, f"{package}.inner"]


def test_mesa_loads_neither_frames_nor_spaces_before_they_are_used():
    script = """
import sys
from simulator import HealthSystem
assert not {"pandas.core", "scipy.spatial", "mesa.discrete_space.cell"} & sys.modules.keys()
import mesa, pandas
assert mesa.discrete_space.OrthogonalMooreGrid and pandas.DataFrame({"a": [1]}).shape == (1, 1)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)
