"""Results show themselves in a notebook, and the notebooks run."""

import html
import json
import re
from pathlib import Path

import pytest

from simulator.core.messages import LANGUAGES, use
from simulator.count.indicators.catalogue import INDICATORS
from simulator.study.results import Results

pytestmark = pytest.mark.usefixtures("english")
NOTEBOOKS = [Path(__file__).resolve().parents[2] / "docs" / f"{name}.ipynb" for name in ("example", "classroom")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_show_every_indicator_of_the_place_in_words(small_run: Path, language: str):
    use(language)
    results = Results.open(small_run)
    shown = results._repr_html_()
    summary = results.summary
    whole = summary[(summary[["tier", "plan", "part", "alliance"]] == "").all(axis=1)]
    for name in set(whole["indicator"]):
        assert f"<td>{html.escape(INDICATORS[name].text.localized)}</td>" in shown
    row = whole[(whole["arm"] == "cheap") & (whole["indicator"] == "primary_share_of_visits")].iloc[0]
    assert f"{row['difference']:+.3g}" in shown
    assert shown.count("<tr>") == shown.count("</tr>") == 1 + whole["indicator"].nunique()
    assert str(small_run.parent) not in shown


def outputs(notebook: dict) -> str:
    return json.dumps([cell.get("outputs", []) for cell in notebook["cells"]], ensure_ascii=False)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_are_committed_executed_and_name_no_machine(file: Path):
    notebook = json.loads(file.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    text = outputs(notebook)
    assert "text/html" in text
    assert "Traceback" not in text
    assert not re.search(r"/(home|root|work|tmp|Users|usr)/", text)


@pytest.mark.long
@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_run(file: Path, tmp_path: Path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(file, as_version=4)
    NotebookClient(notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    text = outputs(notebook)
    assert "text/html" in text
    assert str(tmp_path) not in text


def test_the_notebook_of_the_classroom_needs_no_deep_import():
    notebook = json.loads(NOTEBOOKS[1].read_text(encoding="utf-8"))
    source = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert re.findall(r"(?:from|import) (simulator[.\w]*)", source) == ["simulator"]
