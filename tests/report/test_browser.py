"""Reports in a real browser: nothing asked of the network, nothing cut, all drawn, links work, prints."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from simulator.cli.app import app
from simulator.core.messages import LANGUAGES, use
from simulator.report.page.page import page, write_report
from simulator.report.sweep.page import write_study_report
from simulator.scenario import load
from simulator.study.manifest import scenario_of
from simulator.study.results import Results
from simulator.study.run import run
from tests.report.numbers import DATA, check_tied, read_table
from tests.small import ROOT

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (1280, 390)
ZHEJIANG = ("time.warm_up=2 months", "network.townships=3", "network.villages=2", "time.start=2017-10")

pytestmark = [
    pytest.mark.long,
    pytest.mark.needs_debian("chromium", "chromium"),
    pytest.mark.usefixtures("english"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], headless=True)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def zhejiang(tmp_path_factory: pytest.TempPathFactory) -> Results:
    file = ROOT / "scenarios/programmes/zhejiang_county_community.yaml"
    scenario = load(file, changes=ZHEJIANG, families=80, months=8)
    return run(scenario, replications=2, out=tmp_path_factory.mktemp("zhejiang") / "run", workers=1, threads=1)


@pytest.fixture(scope="module")
def told(comparison: Results, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The comparison with a family, a place and a difference explained in its report, in both languages."""
    folder = shutil.copytree(comparison.folder, tmp_path_factory.mktemp("told") / "run")
    wanted = ["--months", "6", "--arms", "baseline,by_day"]
    for lang in LANGUAGES:
        called("trace", folder, "--find", "age>=60", *wanted, "--lang", lang)
        called("trace", folder, "--facility", "centre_1", *wanted, "--lang", lang)
    once = ["--replications", "2", "--threads", "1"]
    called("explain", folder, "charge_per_admission", "--tier", "hospital", "--arm", "by_day", *once)
    return Results.open(folder)


def called(*words: object) -> None:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output


CUT = """() => [...document.querySelectorAll("svg text")].filter((text) => {
  const here = text.getBoundingClientRect();
  return here.left < -1 || here.right > document.documentElement.clientWidth + 1;
}).map((text) => text.textContent)"""
OVERLAPPING = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
    .filter(([b, q]) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 2
      && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4)
    .map(([b]) => svg.getAttribute("aria-label") + ": " + a + " / " + b));
})"""
SMALL = """() => Math.min(...[...document.querySelectorAll("svg text")]
  .filter((text) => text.ownerSVGElement.getBoundingClientRect().width > 0)
  .map((text) => parseFloat(getComputedStyle(text).fontSize)
    * text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width))"""
EMPTY = """() => [...document.querySelectorAll("figure")].filter((figure) => {
  const drawn = [...figure.querySelectorAll("svg")].filter((svg) => svg.getBoundingClientRect().height > 40);
  const marks = ".line, circle.dot, path.flow, rect.cell, rect.bar, .fill, .hollow, .fl";
  return figure.getClientRects().length && !drawn.some((svg) => svg.querySelector(marks));
}).map((figure) => figure.textContent)"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["told", "zhejiang", "study"])
def test_a_report_opens_offline_and_nothing_is_cut(
    browser: Any, which: str, language: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    results = request.getfixturevalue(which)
    use(language)
    file = write_study_report(results) if which == "study" else write_report(results)
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 900})
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(file.as_uri())
        assert said == []
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in asked if url.startswith("file:")]) == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CUT) == []
        assert page.evaluate(OVERLAPPING) == []
        assert page.evaluate(SMALL) >= 9
        assert page.evaluate(EMPTY) == []
        assert page.locator("figure").count() > 15
        for link in page.locator("nav a").all():
            link.click()
            target = page.url.partition("#")[2]
            assert abs(page.locator(f"#{target}").evaluate("e => e.getBoundingClientRect().top")) < 900
        if which == "told":
            assert page.locator("#stories .trace").count() == 2
            assert page.locator("#explain rect.bar").count() > 10
        page.close()
    still = browser.new_context(java_script_enabled=False).new_page()
    still.goto(file.as_uri())
    assert still.locator("figure svg").first.is_visible()
    paper = still.pdf(path=tmp_path / "report.pdf", format="A4")
    assert paper.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", paper)) >= 5
    still.close()


def test_claims_stand_in_a_table_too(zhejiang: Results) -> None:
    use("en")
    tied = DATA.findall(page(zhejiang, scenario_of(zhejiang.manifest)))
    assert {each[1] for each in tied} >= {"report/claims"}
    check_tied(tied, lambda name: read_table(zhejiang.folder, name))
