"""One file per mistake: each is refused with exactly the sentence that its first line expects."""

from pathlib import Path

import pytest

from simulator.core.errors import UserError
from simulator.core.messages import use
from simulator.scenario import load

BAD = Path(__file__).parents[1] / "bad"
FILES = sorted(BAD.glob("*.yaml"))


def expected(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_refused_with_its_sentence(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    with pytest.raises(UserError) as refused:
        load(file.name)
    assert str(refused.value).splitlines() == expected(file)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_refused_at_the_same_place_in_chinese(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    use("zh")
    with pytest.raises(UserError) as refused:
        load(file.name)
    places = [":".join(line.split(":")[:3]) for line in expected(file)]
    assert [":".join(str(e).split(":")[:3]) for e in refused.value.all] == places
    # Some sentence of each message is Chinese, and no English sentence is left.
    assert all(any("\u4e00" <= c <= "\u9fff" for c in e.message) for e in refused.value.all)
