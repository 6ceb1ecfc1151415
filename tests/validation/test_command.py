"""`tiercare validate`: what is asked for, the tables on the screen and on disk, the pages, what is refused."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from simulator.calibrate.recovery import Recovery
from simulator.cli import app
from simulator.core.messages import LANGUAGES
from simulator.report.figures.fonts import family_of
from simulator.validation.claims import Answer, claims_tried
from simulator.validation.history import Told
from simulator.validation.levels import Level, targets
from simulator.validation.page import MARK, RESULTS, STORY, pages
from simulator.validation.register import register
from simulator.validation.run import Validation, ValidationInterrupted

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def played(monkeypatch):
    """A validation that takes no time; returns what it was asked for and may be told to be stopped."""
    asked = {}

    def validate(parts, folder, size, how, progress, tell):
        asked.update(parts=parts, folder=folder, size=size, how=how)
        tell("runs", 3600.0)
        entry = register()["drg_city_rdd"]
        history = [Told(entry, name, each, (-0.14, -0.2, -0.08), 50, 2) for name, each in entry.predictions.items()]
        claim = claims_tried("programmes/shared_savings", 20).claims[0]
        found = Validation(
            (Level("visits", targets().targets["visits"], (6.9, 6.8, 7.0)),),
            tuple(history),
            (Answer("programmes/shared_savings", claim, (0.01, -0.02, 0.04)),),
            (),
            size,
        )
        if asked.get("stopped"):
            raise ValidationInterrupted(Validation(found.levels, (), (), (), size))
        return found

    hidden = Recovery(("go",), *np.array([[[0.5], [0.9]], [[0.4], [0.1]], [[0.6], [0.8]]]), 1000, 64)
    monkeypatch.setattr("simulator.validation.run.validate", validate)
    monkeypatch.setattr("simulator.cli.validate.recovered", lambda folder, threads: hidden)
    return asked


def tiercare(*words: object):
    return CliRunner().invoke(app, [*map(str, words)])


def test_it_ends_with_its_tables_and_pages(played, tmp_path):
    done = tiercare("validate", "--quick", "--out", tmp_path)
    assert done.exit_code == 0
    assert played["parts"] == (True, True, True, False, True, False)
    assert played["size"] == (500, 3, 1, 20)
    assert "levels within tolerance: 1 of 1" in done.stdout
    assert "sign right in 4 of 5 figures, in the mean in 4; size inside the interval in 1 of 5" in done.stdout
    assert "claims: 1; consistent 0, weaker 1, stronger 0, opposite 0, without a figure 0" in done.stdout
    names = {"levels.csv", "history.csv", "claims.csv", "made.json", "README.md", "README.zh.md"}
    names |= {f"sizes.{spoken}.{kind}" for spoken in LANGUAGES if family_of(spoken) for kind in ("svg", "png")}
    assert {file.name for file in tmp_path.iterdir()} == names
    made = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    assert (made["history"]["families"], made["history"]["replications"]) == (500, 3)
    assert "DRG in one city, 66,533 stays" in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "某市DRG付费" in (tmp_path / "README.zh.md").read_text(encoding="utf-8")


def test_parts_alone_and_tables_of_other_parts_stay(played, tmp_path):
    assert tiercare("validate", "--history", "--families", 40, "--replications", 3, "--out", tmp_path).exit_code == 0
    assert played["parts"] == (False, True, False, True, False, False)
    assert played["size"] == (40, 3, 1, None)
    (tmp_path / "robust.csv").write_text("id,share,sets,mean,direction,turned_by\n", encoding="utf-8")
    assert not (tmp_path / "recovery.csv").exists()
    done = tiercare("validate", "--out", tmp_path)
    assert done.exit_code == 0
    assert played["parts"] == (True,) * 6
    assert "about 1 h 0 min of runs" in done.stderr
    assert "hidden parameters that their 95 % interval holds: 1 of 2 (50.0%)" in done.stdout
    assert (tmp_path / "robust.csv").exists()
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| `go` | 1 | 2 |" in page
    assert "1,000 families, 64 runs for the emulators" in page


def test_who_stops_it_keeps_what_was_finished(played, tmp_path):
    played["stopped"] = True
    done = tiercare("validate", "--out", tmp_path)
    assert (done.exit_code, done.stderr) == (
        1,
        "about 1 h 0 min of runs\nstopped; what was run to its end is kept, and the same command goes on\n",
    )
    assert (tmp_path / "levels.csv").exists()
    assert not (tmp_path / "history.csv").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--replications", "1"], "replications: 1 is too small; 2 or more is expected"),
        (["--families", "0"], "families: 0 is too small; 1 or more is expected"),
        (["--parameters", "none.csv"], "none.csv"),
        (["--robust", "--parameters", "one"], "--robust needs sets of parameters: --parameters TABLE"),
    ],
)
def test_what_cannot_be_is_refused(played, tmp_path, words, message):
    done = tiercare("validate", *words, "--out", tmp_path)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not list(tmp_path.iterdir())


def test_published_pages_are_those_of_the_tables():
    assert MARK in STORY.read_text(encoding="utf-8")
    assert (RESULTS / "history.csv").is_file()
    for file, text in pages().items():
        assert file.read_text(encoding="utf-8") == text, f"run: python -m simulator.validation.page ({file.name})"
