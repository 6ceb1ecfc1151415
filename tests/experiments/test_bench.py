"""The benchmark's arithmetic and its page; what it measures is measured by `make bench`."""

from experiments.benchmarks import bench


def test_rounds_alternate():
    """All cases of a round come before any case of the next."""
    asked = {"a": lambda: {"seconds": 1.0}, "b": lambda: {"seconds": 2.0}}
    assert [name for name, _ in bench.rounds(2, asked)] == ["a", "b", "a", "b"]


def test_summary_is_the_median_and_the_range():
    """One slow round moves the range, not the figure."""
    (row,) = bench.summarise({"a": [{"seconds": value} for value in (1.0, 9.0, 2.0)]})
    assert (row["median"], row["lowest"], row["highest"], row["rounds"]) == (2.0, 1.0, 9.0, 3)


def test_cases_cover_what_is_asked():
    """A million families only on demand; the agents engine and the start-up always."""
    quick, full = bench.cases(full=False), bench.cases(full=True)
    assert not any("1,000,000" in name for name in quick)
    assert any("1,000,000" in name for name in full)
    for words in ("agents engine, 10,000", "fast engine, 100,000", "tiercare --help", "nothing compiled", "arrays"):
        assert any(words in name for name in quick), words


def test_page_describes_the_machine():
    """The page says what the figures depend on and carries every row."""
    made = bench.machine()
    report = {
        "date": "2024-01-01",
        "command": "make bench",
        "rounds": 1,
        "machine": made,
        "bytes_per_row": {"family": 400, "person": 200},
        "rows": bench.summarise({"speed, fast engine": [{"family_months_per_second": 1234567.0}]}),
    }
    page = bench.markdown(report)
    assert "| speed, fast engine | family months per second | 1,230,000 | 1,230,000 | 1,230,000 |" in page
    assert made["processor"] in page
    assert f"numba {made['packages']['numba']}" in page


def test_readable():
    """Three digits that matter."""
    assert bench.readable(0.04567) == "0.0457"
    assert bench.readable(80.26) == "80.3"
    assert bench.readable(999.9) == "1,000"
    assert bench.readable(1234567) == "1,230,000"
