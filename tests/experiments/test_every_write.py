"""A run that is killed at a file operation goes on, and never leaves half a run as a whole one."""

import sys

import pytest

from experiments.faults import every_write

pytestmark = pytest.mark.skipif(not hasattr(every_write.os, "fork"), reason="no fork on this system")


@pytest.mark.long
def test_killed_at_every_operation_it_ends_as_if_nothing_had_happened() -> None:
    found = list(every_write.outcomes())
    assert len(found) > 15
    assert [each for each in found if each.wrong] == []


def test_what_writes_is_noticed(tmp_path: every_write.Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    seen: list[str] = []

    def hook(event: str, arguments: tuple) -> None:
        if every_write._changing(place, event, arguments):
            seen.append(event)

    def work() -> None:
        sys.addaudithook(hook)
        file = place / "a"
        file.write_text("x")
        file.read_text()
        file.rename(place / "b")
        (tmp_path / "elsewhere").write_text("x")
        (place / "b").unlink()
        (place / "c").mkdir()
        assert seen == ["open", "os.rename", "os.remove", "os.mkdir"]

    assert every_write.in_child(work) == 0
