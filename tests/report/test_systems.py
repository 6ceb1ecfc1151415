"""The register as people read it: pages fresh, every row on them, figures beside what was expected and claimed."""

from pathlib import Path

from simulator.core.messages import use
from simulator.report.systems_page import COMMAND, DOCS, Line, page, pages, switched_off
from simulator.study.paired import Paired
from simulator.systems.register import register

FOUND = Paired(0.40, 0.45, 0.05, 0.03, 0.07)


def test_pages_are_fresh() -> None:
    for file, text in pages().items():
        assert file.read_text(encoding="utf-8") == text, f"run: {COMMAND}"


def test_every_row_and_every_mechanism_stands_on_both_pages() -> None:
    for file in pages():
        text = file.read_text(encoding="utf-8")
        for system in register().values():
            assert f"\n### {system.number} " in text
        for code in {code for system in register().values() for code in system.mechanisms}:
            assert code in text


def test_figures_stand_beside_what_was_expected_and_claimed() -> None:
    lines = [
        Line("mechanism", "MULTI_KPI", FOUND, "yes", "3000", "4"),
        Line("claim", "1", FOUND, "", "3000", "4"),
        Line("claim", "2", Paired(10_000, 9_000, -1_000, -1_500, -500), "", "3000", "4"),
    ]
    text = page({"S02_zhejiang_county_community": lines})
    assert "| 40.0 % | 45.0 % | +5.0 (3.0 … 7.0) | +1.0 | yes |" in text
    assert "| visits at primary care | +25.0 pp | +5.0 (3.0 … 7.0) pp |" in text
    assert "| -12.0 % | -10.0 (-15.0 … -5.0) % |" in text
    assert "3,000 families and 4 pairs" in text
    use("zh")
    assert "| +1.0 | 是 |" in page({"S02_zhejiang_county_community": lines})


def test_what_switches_off_is_written_as_it_would_be() -> None:
    mechanisms = register()["S02_zhejiang_county_community"].mechanisms
    assert switched_off(mechanisms["SURPLUS_RETAIN"]) == "`settlements: {community_budget: {surplus_kept: 0%}}`"
    assert Path(DOCS, "systems.md").exists()
