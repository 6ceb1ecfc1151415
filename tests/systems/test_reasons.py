"""Reasons for what did not show: each goes with a miss of the table, and is refused where there is none."""

from pathlib import Path

from simulator.report.systems_page import DOCS, Line, lines, page, shown_of, unexplained
from simulator.study.paired import Paired
from simulator.systems.reasons import FILE, read_reasons
from simulator.systems.register import register
from tests.mistakes import refusals

BAD = sorted((Path(__file__).parents[1] / "bad" / "systems_reasons").glob("*.yaml"))
SHOWN = {("S02_zhejiang_county_community", "MULTI_KPI")}
MISS = ("S02_zhejiang_county_community", "GLOBAL_BUDGET")


def read(name: str) -> None:
    read_reasons(Path(name), register(), SHOWN)


test_refused_with_its_sentence, test_refused_at_the_same_place_in_chinese = refusals(read, BAD)


def test_a_reason_stands_in_the_row_of_its_miss(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text(f"{MISS[0]}:\n  {MISS[1]}: {{en: It is so, zh: 如此}}\n", encoding="utf-8")
    missed = {MISS[0]: [Line("mechanism", MISS[1], Paired(9000, 9010, 10, -5, 25), "no", "20000", "10")]}
    why = read_reasons(file, register(), shown_of(missed))
    assert "| no: It is so |" in page(missed, why)
    assert unexplained(missed, why) == []


def test_a_miss_without_a_reason_is_told_at_the_size_of_the_register_alone() -> None:
    found = Paired(9000, 9010, 10, -5, 25)
    for size, told in ((("20000", "10"), ["S02 GLOBAL_BUDGET"]), (("200", "2"), [])):
        known = {MISS[0]: [Line("mechanism", MISS[1], found, "no", *size)]}
        assert unexplained(known, {}) == told
        assert ("without a suspected reason: S02 GLOBAL_BUDGET" in page(known)) == bool(told)


def test_every_miss_of_the_table_has_its_reason() -> None:
    known = lines()
    assert unexplained(known, read_reasons(DOCS / FILE, register(), shown_of(known))) == []
