"""The benchmark's arithmetic and its pages; what it measures is measured by `make bench`."""

import subprocess
from pathlib import Path

import pytest

from experiments.benchmarks import arithmetic, bench, cases, checkout, children, tables
from experiments.benchmarks.cases import BEFORE, NOW, Case


class Made:
    """A side whose figures are known."""

    def __init__(self, name: str):
        self.name = name

    def measure(self, case: Case) -> dict[str, float]:
        return {"seconds": 9.0 if self.name == BEFORE else 3.0}


SIDES = {BEFORE: Made(BEFORE), NOW: Made(NOW)}


def report(rows: list[dict]) -> dict:
    """A report around rows."""
    return {
        "date": "2024-01-01", "command": "make bench", "rounds": 2, "machine": bench.machine(), "before": "f9d3c31",
        "rows": rows,
    }  # fmt: skip


def test_rounds_alternate():
    """All cases of a round come before any case of the next; the sides of a case take turns in being first; what takes
    minutes is measured once."""
    asked = [Case("a", "month"), Case("b", "month", rarely=True)]
    order = [(case.name, side) for case, side, _ in cases.rounds(2, asked, SIDES)]
    assert order == [("a", BEFORE), ("a", NOW), ("b", BEFORE), ("b", NOW), ("a", NOW), ("a", BEFORE)]


def test_summary_is_the_median_and_the_range():
    """One slow round moves the range, not the figure."""
    case = Case("a", "month")
    (row,) = bench.summarise([(case, NOW, {"seconds": value}) for value in (1.0, 9.0, 2.0)])
    assert (row["median"], row["lowest"], row["highest"], row["values"]) == (2.0, 1.0, 9.0, [1.0, 9.0, 2.0])


def test_cases_cover_what_is_asked():
    """What takes minutes only on demand; everything that the page tells in a full run; no name twice."""
    quick, full = cases.chosen(False, ()), cases.chosen(True, ())
    assert not any("1,000,000" in case.name for case in quick)
    assert {case for case, _ in tables.MAIN} <= {case.name for case in full}
    assert {case for case, _ in tables.PEERS.values()} <= {case.name for case in full}
    assert len({case.name for case in full}) == len(full)
    assert {case.name.split(",")[0] for case in cases.chosen(True, ("start", "phases"))} == {
        "start", "phases", "start to first month",
    }  # fmt: skip


def test_every_kind_can_be_measured():
    """A case names a function that takes its arguments."""
    import inspect

    from experiments.benchmarks.children import KINDS

    for case in cases.CASES:
        for side in case.only:
            inspect.signature(KINDS[case.kind]).bind(**{**case.arguments, **case.given.get(side, {})})


def test_tables_compare_the_sides():
    """Before, now, and by how much it is better, whatever better means."""
    rows = bench.summarise(cases.rounds(2, [Case("start", "first_month")], SIDES))
    rows += bench.summarise([(Case("month", "month"), side, {"family_months_per_second": value})
                             for side, value in ((BEFORE, 400_000.0), (NOW, 1_234_567.0))])  # fmt: skip
    page = tables.markdown(report(rows))
    assert "| start | seconds | 9 (9 to 9) | 3 (3 to 3) | ÷3 |" in page
    assert "| month | family months per second | 400,000 | 1,230,000 | ×3.09 |" in page
    assert bench.machine()["processor"] in page


def test_the_roofline_adds_up():
    """Operations times what each costs, and a dash where nothing was measured."""
    taken = [(Case("roofline, operations", "operations"), NOW, {"draws_per_family_month": 10.0}),
             (Case("roofline, arithmetic alone", "arithmetic"), NOW,
              {"nanoseconds of a draw, waiting": 20.0, "nanoseconds of a draw, side by side": 2.0})]  # fmt: skip
    lines = list(tables.roofline(report(bench.summarise(taken))))
    assert "| draw | 10 | 20 | 2 |" in lines
    assert "| exp | – | – | – |" in lines
    assert "| **all of them, ns a family-month** | | 200 | 20 |" in lines


def test_the_page_is_renewed_between_its_marks():
    """Text stays, tables are those of the report, and renewing twice changes nothing."""
    page = bench.PAGE.read_text(encoding="utf-8")
    rows = bench.summarise(cases.rounds(1, [Case(tables.MAIN[11][0], "first_month")], SIDES))
    new = tables.renew(page, report(rows), Path("2024.json"))
    assert "÷3" in new
    assert "results/benchmarks/2024.json" in new
    assert tables.renew(new, report(rows), Path("2024.json")) == new
    assert {line for line in page.splitlines() if line.startswith("#")} <= set(new.splitlines())


def test_a_shallow_clone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Who cannot be compared learns why, and what to do."""

    def git(*words: str, where: Path) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *words], cwd=where, check=True, capture_output=True)

    whole, shallow = tmp_path / "whole", tmp_path / "shallow"
    whole.mkdir()
    git("init", where=whole)
    for number in range(2):
        git("commit", "--allow-empty", "-m", str(number), where=whole)
    git("clone", "--depth", "1", whole.as_uri(), str(shallow), where=tmp_path)
    monkeypatch.setattr(checkout, "ROOT", shallow)
    monkeypatch.setattr(checkout, "BUILD", tmp_path)
    with pytest.raises(checkout.NoCommit, match=r"shallow.*unshallow.*--alone"):
        checkout.checkout("f9d3c31")
    monkeypatch.setattr(checkout, "ROOT", whole)
    with pytest.raises(checkout.NoCommit, match="--alone"):
        checkout.checkout("f9d3c31")


def test_readable():
    """Three digits that matter."""
    assert tables.readable(0.04567) == "0.0457"
    assert tables.readable(80.26) == "80.3"
    assert tables.readable(999.9) == "1,000"
    assert tables.readable(1234567) == "1,230,000"


@pytest.mark.long
def test_every_operation_of_the_roofline_is_timed():
    found = children.arithmetic()
    assert len(found) == 2 * len(arithmetic.OPERATIONS)
    assert all(0 < value < 1e4 for value in found.values())
