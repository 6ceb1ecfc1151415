"""`tiercare systems`: the table on the terminal, what is kept, what is refused."""

import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.study.kept import Arm
from simulator.study.paired import Paired
from simulator.systems.run import Found, Outcome, SystemsInterrupted
from simulator.systems.scenarios import MECHANISM, Comparison

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def played(monkeypatch):
    """A runner that takes no time; returns what it was asked for and may be told to be stopped."""
    asked = {}

    def run_systems(systems, folder, **how):
        asked.update(how, ids=[system.id for system in systems], folder=folder)
        sides = Arm(0, "on"), Arm(0, "off")
        outcomes = [
            Outcome(
                system,
                tuple(
                    Found(Comparison(MECHANISM, code, each.measure.series, *sides), Paired(0.4, 0.5, 0.1, 0.09, 0.11))
                    for code, each in system.carried.items()
                ),
                50,
                4,
            )
            for system in systems
        ]
        if asked.get("stopped"):
            raise SystemsInterrupted(outcomes[:1])
        return outcomes

    monkeypatch.setattr("simulator.systems.run.run_systems", run_systems)
    return asked


def tiercare(*words: object):
    return CliRunner().invoke(app, [*map(str, words)])


def test_it_ends_with_its_table_and_file(played, tmp_path):
    words = ["systems", "S09", "e17", "--out", tmp_path, "--replications", 4, "--families", 50]
    done = tiercare(*words)
    assert done.exit_code == 0
    assert played["ids"] == ["S09_shanghai_family_doctor_fee", "E17_urrbmi_2024_work"]
    assert (played["replications"], played["families"], played["seed"], played["folder"]) == (4, 50, 1, tmp_path)
    assert "FD_P4P" in done.stdout
    assert "mechanisms run: 2; shown: 2, opposite: 0, neither: 0" in done.stdout
    assert len((tmp_path / "systems.csv").read_text(encoding="utf-8").splitlines()) == 3
    assert "已运行机制：2" in tiercare(*words, "--lang", "zh").stdout


def test_who_stops_it_keeps_what_was_finished(played, tmp_path):
    played["stopped"] = True
    done = tiercare("systems", "S09", "S13", "--out", tmp_path)
    assert (done.exit_code, done.stderr) == (
        1,
        "stopped; of 2 programmes 1 were run to their end; the same command goes on\n",
    )
    assert "S13" not in (tmp_path / "systems.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["S99"], "there is no programme `S99` in the register; did you mean `S"),
        (["--replications", "1"], "replications: 1 is too small; 2 or more is expected"),
        (["--families", "0"], "families: 0 is too small; 1 or more is expected"),
    ],
)
def test_what_cannot_be_is_refused(played, words, message):
    done = tiercare("systems", *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "ids" not in played
