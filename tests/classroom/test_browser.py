"""The classroom in a real browser: every lesson solved by clicking, both languages, nothing asked of anybody else."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.classroom.controls import written
from simulator.classroom.server import own_addresses
from tests.small import ROOT

CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).parent / "axe.min.js"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
RUN = {"en": "Run", "zh": "运行"}
FAST = {"en": "fast", "zh": "快"}
LESSON = {"en": "Lesson", "zh": "练习"}
LESSONS = written("lessons")
CONTROLS = written("controls")["controls"]
SLOW = 120_000
"""Milliseconds."""

pytestmark = [pytest.mark.long, pytest.mark.needs_debian("chromium", "chromium")]


@contextlib.contextmanager
def served(*words: str, heard: int | None = None) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """A running classroom: its address, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "simulator", "demo", "--port", str(port), "--no-browser", "--lang", "en", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=heard, text=True) as server:
        here = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(here, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield here, server
        server.terminate()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a running classroom."""
    with served() as (here, _):
        yield here


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        flags = ["--no-sandbox", "--js-flags=--expose-gc"]  # memory is read after a collection
        opened = player.chromium.launch(executable_path=CHROMIUM, args=flags, headless=True)
        yield opened
        opened.close()


@pytest.fixture
def said() -> list[str]:
    """What the console said, and requests to others."""
    return []


def opened(browser: Any, url: str, said: list[str], size: dict[str, int] | None = None) -> Any:
    """A page in a context of its own, once its first month is drawn."""
    page = browser.new_context(viewport=size or WIDE).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((url[:21], "ws://127", "data:", "blob:")) else said.append(asked.url)
        ),
    )
    page.goto(url)
    page.locator(".two").wait_for(timeout=SLOW)
    return page


def press(page: Any, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).click()


def choose(page: Any, side: str, name: str, option: str) -> None:
    """Choose an option by its buttons."""
    page.locator(f"#tab-{side}-{CONTROLS[name]['group']}").click()
    button = page.locator(f".card.{side} [data-control={name}][data-option={option}]")
    button.click()
    page.locator(f".card.{side} [data-control={name}][data-option={option}][aria-pressed=true]").wait_for()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_lesson_is_solved_by_clicking(browser: Any, address: str, said: list[str], lang: str) -> None:
    page = opened(browser, f"{address}/?lang={lang}", said)
    press(page, FAST[lang])
    for lesson in LESSONS.values():
        press(page, LESSON[lang])
        page.get_by_role("button", name=lesson["title"][lang], exact=True).click()
        page.get_by_text(lesson["task"][lang]).wait_for()
        for name, option in lesson["solution"].items():
            choose(page, "b", name, option)
        page.get_by_role("button", name=RUN[lang], exact=True).click()
        page.get_by_text(lesson["explain"][lang]).wait_for(timeout=SLOW)
        page.locator(".lessons .row button").last.click()
    assert page.locator(".lessons .badge").count() == len(LESSONS)
    assert said == []
    page.context.close()


def test_two_sessions_are_apart(browser: Any, address: str, said: list[str]) -> None:
    one, other = (opened(browser, f"{address}/?lang=en", said) for _ in range(2))
    choose(one, "b", "near", "high")
    press(other, "One month")
    assert other.locator(".flag").count() == 0
    assert one.locator(".flag.b").count() == 1
    assert said == []
    for page in (one, other):
        page.context.close()


WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility()
  && [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
  && parseFloat(getComputedStyle(each).fontSize) < 13.4).map((each) => each.textContent)"""
CUT = """() => [...document.querySelectorAll("button, .label, .sentence, .tile h2, .gains th, .hover")].filter((each) =>
  each.checkVisibility() && each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent)"""


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_and_can_be_used_by_all(
    browser: Any, address: str, said: list[str], lang: str, size: dict[str, int]
) -> None:
    page = opened(browser, f"{address}/?lang={lang}", said, size)
    choose(page, "b", "team", "truly")
    choose(page, "b", "budget", "kept")
    press(page, FAST[lang])
    press(page, RUN[lang])
    page.locator(".gains table").wait_for(timeout=SLOW)
    page.wait_for_timeout(3_000)
    page.locator("button.main").click()
    press(page, {"en": "Families", "zh": "家庭"}[lang])
    page.locator(".gallery select").select_option(index=1)
    page.locator(".story").first.wait_for(timeout=SLOW)
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(SMALL) == []
    assert page.evaluate(CUT) == []
    if size is WIDE:
        assert page.evaluate("() => document.documentElement.scrollHeight") <= size["height"]
    for panel in (1, 2):
        check(page)
        if panel == 1:
            page.locator(".card.b g.node").nth(1).click()
            page.locator(".earns").wait_for(timeout=SLOW)
        else:
            press(page, LESSON[lang])
    check(page)
    press(page, {"en": "More", "zh": "更多"}[lang])
    check(page)
    assert said == []
    page.context.close()


def check(page: Any) -> None:
    """Nothing that axe-core finds against WCAG 2.2 A and AA."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", rules)["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found] == []


def test_the_keyboard_is_enough(browser: Any, address: str, said: list[str]) -> None:
    page = opened(browser, f"{address}/?lang=en", said)
    page.locator("[data-control=near][data-option=high]").last.focus()
    page.keyboard.press("Enter")
    page.locator(".card.b [data-option=high][aria-pressed=true]").wait_for()
    page.locator("#tab-b-patients").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.id") == "tab-b-hospitals"
    page.locator(".card.b g.node").nth(3).focus()
    assert "full" in page.locator(".card.b .hover").inner_text()
    page.keyboard.press("Enter")
    page.locator(".earns").wait_for(timeout=SLOW)
    page.evaluate("() => document.activeElement.blur()")
    before = page.locator(".date").inner_text()
    page.keyboard.press("ArrowRight")
    page.locator(".date", has_text="February 2017").wait_for()
    page.keyboard.press("ArrowLeft")
    page.locator(".date", has_text=before).wait_for()
    page.keyboard.press("u")
    page.locator(".flag").wait_for(state="detached")
    page.context.close()


def test_from_the_page_to_the_desk(browser: Any, address: str, said: list[str], tmp_path: Path) -> None:
    page = opened(browser, f"{address}/?lang=en", said)
    choose(page, "b", "near", "high")
    for month in ("February", "March", "April", "May", "June"):
        press(page, "One month")
        page.locator(".date", has_text=f"{month} 2017").wait_for(timeout=SLOW)
    press(page, "More")
    code = page.locator("code.code").inner_text()
    with page.expect_download() as download:
        press(page, "Save as YAML")
    file = tmp_path / "classroom.yaml"
    download.value.save_as(file)
    assert code in file.read_text(encoding="utf-8")
    press(page, "Save as one page")
    page.get_by_role("link", name="Open").wait_for(timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    kept = tmp_path / "kept.html"
    download.value.save_as(kept)
    press(page, "Make the report")
    page.get_by_text("Running both sides twice").wait_for()
    page.get_by_role("link", name="Open").wait_for(timeout=4 * SLOW)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Open").click()
    assert popup.value.locator("figure").count() > 10
    again = opened(browser, f"{address}/?lang=en", said)
    press(again, "More")
    again.locator("input[type=file]").set_input_files(file)
    again.locator(".flag.b").wait_for()
    linked = opened(browser, f"{address}/?lang=zh&code={code}", said)
    assert linked.locator(".flag.b").count() == 1
    for each in (page, again, linked):
        each.context.close()
    offline(browser, kept)


def offline(browser: Any, kept: Path) -> None:
    """The page of its own, from a file and without a network."""
    said: list[str] = []
    context = browser.new_context(viewport=WIDE, offline=True)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(kept.as_uri())
    page.locator(".two").wait_for()
    press(page, FAST["en"])
    press(page, RUN["en"])
    page.locator(".date", has_text="June 2017").wait_for()
    choose(page, "b", "near", "mid")
    choose(page, "b", "budget", "kept")
    assert page.locator(".card.a [data-control=near]").first.is_disabled()
    assert said == []
    context.close()


def test_an_hour_of_months_does_not_grow(browser: Any, address: str, said: list[str]) -> None:
    """Months to the end and back again, many times: as many as in an hour."""
    page = opened(browser, f"{address}/?lang=en", said)
    choose(page, "b", "near", "high")
    press(page, FAST["en"])

    def used() -> int:
        page.evaluate("() => globalThis.gc?.()")
        return page.evaluate("() => performance.memory.usedJSHeapSize")

    sizes = []
    for _ in range(6):
        page.locator(".timeline input").fill("0")
        press(page, RUN["en"])
        page.locator(".date", has_text="December 2021").wait_for(timeout=4 * SLOW)
        sizes.append(used())
    assert max(sizes[2:]) < sizes[1] + 12_000_000
    assert said == []
    page.context.close()


def test_refused_from_elsewhere(browser: Any, address: str) -> None:
    """A page of another origin cannot open the socket."""
    page = browser.new_context().new_page()
    page.goto("data:text/html,<p>elsewhere</p>")
    port = re.findall(r":(\d+)", address)[0]
    script = """(port) => new Promise((done) => { const s = new WebSocket(`ws://127.0.0.1:${port}/live`);
      s.onopen = () => done("open"); s.onerror = () => done("refused"); })"""
    assert page.evaluate(script, port) == "refused"
    page.context.close()


def lan_address() -> str:
    found = own_addresses()
    if not found:
        pytest.skip("needs a network address of this machine")
    return found[0]


def test_a_class_joins_and_holds_one_county(browser: Any, said: list[str]) -> None:
    """A student comes in from the network by the code, takes a township, and the teacher lets a month pass."""
    with served("--class", "--families", "300", heard=subprocess.PIPE) as (here, server):
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(3)]
        code = re.findall(r"code ([A-Z2-9]{6})", "".join(lines))[0]
        teacher = opened(browser, f"{here}/?lang=en", said)
        student = browser.new_context(viewport=PHONE).new_page()
        student.goto(here.replace("127.0.0.1", lan_address()) + "/?lang=en")
        student.get_by_label("Join code").fill("WRONG2")
        press(student, "Come in")
        student.get_by_text("That is not the code.").wait_for()
        student.get_by_label("Join code").fill(code.lower())
        press(student, "Come in")
        student.get_by_label("Your name").fill("Li Hua")
        check(student)
        press(student, "Come in")
        student.locator(".two").wait_for(timeout=SLOW)
        assert student.get_by_role("button", name="The class", exact=True).count() == 0
        press(teacher, "One county for all")
        press(student, "One county for all")
        student.locator(".card.b g.node").nth(5).click()
        press(student, "Hold it")
        student.get_by_text("held by Li Hua").wait_for()
        student.locator(".hands button").nth(2).click()
        student.locator(".hands button[aria-pressed=true]").wait_for()
        assert student.locator(".card.b [data-control=near]").first.is_disabled()
        press(teacher, "Let a month pass")
        for page in (teacher, student):
            page.locator(".date", has_text="February 2017").wait_for(timeout=SLOW)
        student.locator(".earns").wait_for(timeout=SLOW)
        check(student)
        student.context.close()
        teacher.context.close()
    assert [each for each in said if "403" not in each] == []
