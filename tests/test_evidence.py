"""The evidence is complete in itself: every figure says where it comes from and what it may be used for."""

import csv
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = ROOT / "scenarios" / "evidence"
PAGES = sorted([*EVIDENCE.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "results").glob("*.md")])


FIGURES = ("parameters.yaml", "levels.yaml", "experiments.yaml")


def figures() -> list[dict]:
    """Every entry of the files of figures."""
    read = [yaml.safe_load((EVIDENCE / file).read_text(encoding="utf-8")) for file in FIGURES]
    return [entry for parts in read for part in parts.values() for entry in part]


def test_every_figure_has_its_papers():
    """Unit, year, source, confidence and use; an unknown year is written as null."""
    wanted = {"id", "value", "unit", "year", "source", "confidence", "use"}
    assert [entry["id"] for entry in figures() if not wanted <= entry.keys()] == []


def test_newer_figures_show_what_was_seen():
    """Every entry of the later collections has the words or figures that it was read from."""
    for file in FIGURES[1:]:
        parts = yaml.safe_load((EVIDENCE / file).read_text(encoding="utf-8")).values()
        assert [entry["id"] for part in parts for entry in part if not entry.get("quote")] == []


def test_natural_experiments_are_only_predicted():
    """Nothing of them is fitted to, and each says what was done, where, and how it was found."""
    parts = yaml.safe_load((EVIDENCE / "experiments.yaml").read_text(encoding="utf-8")).values()
    entries = [entry for part in parts for entry in part]
    assert len(entries) >= 21
    assert {entry["use"] for entry in entries} == {"validation"}
    assert all(entry[key] for entry in entries for key in ("policy", "setting", "design"))


def test_levels_of_care_add_up():
    """Graded hospitals have no more visits and stays than all hospitals, and these no more than everybody."""
    by_id = {entry["id"]: entry["value"] for entry in figures()}
    for name in ("visits_by_level", "admissions_by_level"):
        levels = by_id[name]
        for year in ("y2022", "y2023", "y2024"):
            graded = sum(levels[level][year] for level in ("tertiary", "secondary", "primary_hospital"))
            assert graded <= levels["hospital_all"][year]
            assert levels["hospital_all"][year] + levels["primary_care_institutions"][year] <= levels["all"][year]


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
