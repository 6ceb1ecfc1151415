"""The studies of this repository: each is read, fits the schema, and says what it would take."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from simulator.cli import app
from simulator.study.sweep.json_schema import schema, schema_text
from simulator.study.sweep.language import StudyFile

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
BAD = Path(__file__).parents[1] / "bad_studies"
STUDIES = sorted(EXPERIMENTS.glob("*/sweep.yaml"))
pytestmark = pytest.mark.usefixtures("english")


def faults(file: Path) -> list[str]:
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [error.message for error in Draft202012Validator(schema()).iter_errors(said)]


def test_there_are_studies() -> None:
    assert {"reimbursement_gap", "surplus_ratchet", "alliance_payment"} <= {file.parent.name for file in STUDIES}


@pytest.mark.parametrize("file", STUDIES, ids=lambda f: f.parent.name)
def test_a_study_is_read_and_said_to_take_so_much(file: Path) -> None:
    """Every value of every variable has been tried then."""
    done = CliRunner().invoke(app, ["sweep", str(file.parent), "--dry-run"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert " tasks, " in done.stdout
    assert " of disk, " in done.stdout
    assert faults(file) == []
    assert file.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../schema.json\n")
    page = (file.parent / "question.md").read_text(encoding="utf-8")
    assert f"tiercare sweep experiments/{file.parent.name}" in page


def test_the_schema_is_fresh_and_knows_every_key() -> None:
    # If not: `tiercare schema --study --out experiments/schema.json`.
    assert (EXPERIMENTS / "schema.json").read_text(encoding="utf-8") == schema_text()
    whole = schema()
    Draft202012Validator.check_schema(whole)
    assert set(whole["properties"]) == set(StudyFile.model_fields)
    blocks = [whole, *whole["$defs"].values()]
    assert [key for block in blocks for key, said in block["properties"].items() if "description" not in said] == []


@pytest.mark.parametrize("name", ["01_misspelt_section", "06_kind_of_design", "07_indicator", "17_yes"])
def test_the_schema_refuses_what_an_editor_can_see(name: str) -> None:
    assert faults(BAD / f"{name}.yaml")


def test_the_command_prints_and_writes_it(tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["schema", "--study"])
    assert json.loads(printed.stdout) == schema()
    file = tmp_path / "study.json"
    assert CliRunner().invoke(app, ["schema", "--study", "--out", str(file)]).stdout == f"{file}\n"
    assert file.read_text(encoding="utf-8") == schema_text()
    nowhere = CliRunner().invoke(app, ["schema", "--out", str(tmp_path / "no" / "study.json")])
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert "cannot be written: No such file" in nowhere.stderr
