"""One study file per mistake: each is refused with exactly the sentences that its first lines expect."""

from pathlib import Path

import pytest

from simulator.core.errors import UserError
from simulator.core.messages import use
from simulator.study.sweep.read import read_study

BAD = Path(__file__).parents[2] / "bad_studies"
FILES = sorted(BAD.glob("*.yaml"))


def expected(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_refused_with_its_sentence(file: Path, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    with pytest.raises(UserError) as refused:
        read_study(file.name)
    assert str(refused.value).splitlines() == expected(file)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_refused_at_the_same_place_in_chinese(file: Path, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    use("zh")
    with pytest.raises(UserError) as refused:
        read_study(file.name)
    places = [":".join(line.split(":")[:3]) for line in expected(file)]
    assert [":".join(str(e).split(":")[:3]) for e in refused.value.all] == places
    assert all(any("\u4e00" <= c <= "\u9fff" for c in e.message) for e in refused.value.all)


def test_there_are_files() -> None:
    assert len(FILES) >= 20
