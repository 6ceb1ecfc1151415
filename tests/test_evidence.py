"""The evidence is complete in itself: every figure says where it comes from and what it may be used for."""

import csv
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = ROOT / "scenarios" / "evidence"
PAGES = sorted([*EVIDENCE.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "results").glob("*.md")])


def figures() -> list[dict]:
    """Every entry of parameters.yaml."""
    return [entry for part in yaml.safe_load((EVIDENCE / "parameters.yaml").read_text()).values() for entry in part]


def test_every_figure_has_its_papers():
    """Unit, year, source, confidence and use; an unknown year is written as null."""
    wanted = {"id", "value", "unit", "year", "source", "confidence", "use"}
    assert [entry["id"] for entry in figures() if not wanted <= entry.keys()] == []


def test_figures_are_named_once():
    """An id means one figure."""
    ids = [entry["id"] for entry in figures()]
    assert sorted(set(ids)) == sorted(ids)


def test_uses_are_explained():
    """The page beside the figures explains every use that occurs, and no other."""
    explained = set(re.findall(r"^\| `(\w+)` \|", (EVIDENCE / "README.md").read_text(), re.MULTILINE))
    assert explained == {entry["use"] for entry in figures()}


def test_every_file_is_described():
    """A file without a line in the page is a file that nobody finds."""
    text = (EVIDENCE / "README.md").read_text()
    assert [f.name for f in EVIDENCE.iterdir() if f.name != "README.md" and f"[{f.name}]({f.name})" not in text] == []


def test_needed_admissions_and_mean_weight():
    """The table of case groups keeps what its head promises: 273 admissions needed per 1,000 people, mean weight 1."""
    lines = [line for line in (EVIDENCE / "case_groups.csv").read_text().splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    needed = [float(row["admissions_needed_per_1000_people"]) for row in rows]
    weights = [float(row["relative_weight"]) for row in rows]
    assert sum(needed) == pytest.approx(273, rel=0.005)
    assert sum(n * w for n, w in zip(needed, weights, strict=True)) / sum(needed) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    """A relative link points to a file of this repository."""
    links = re.findall(r"\]\((?!\w+://|#)([^)#\s]+)", page.read_text())
    broken = [link for link in links if not (page.parent / link).exists()]
    outside = [link for link in links if not (page.parent / link).resolve().is_relative_to(ROOT)]
    assert (broken, outside) == ([], [])
