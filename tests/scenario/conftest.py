"""Scenario tests read English messages, whatever the machine speaks."""

from pathlib import Path

import pytest

from simulator.core import messages

HEAD = "format: 1\nextends: base.yaml\ntitle: {en: A test, zh: 测试}\ndescription: {en: A test, zh: 测试}\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_current", ["en"])


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a scenario file into an empty working folder, by default a child of the packaged base."""
    monkeypatch.chdir(tmp_path)

    def write(body: str, name: str = "child.yaml", head: str = HEAD) -> Path:
        path = tmp_path / name
        path.write_text(head + body, encoding="utf-8")
        return path

    return write
