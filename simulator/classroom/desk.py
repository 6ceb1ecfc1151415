"""From the page to the desk: the session as a scenario file, as a report, as one page that needs no server."""

import asyncio
import json
import secrets
import sys
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

from simulator.classroom.controls import HORIZON, MARK, START, History, controls, scenario_text, written
from simulator.classroom.crew import Busy, Crew, Failed
from simulator.classroom.sessions import SIDES, Session, history

PAGE = Path(__file__).parent / "page"
MADE = 24
"""Pages kept to be fetched."""
LONGEST = 36
"""Months of a page that needs no server, at most."""
VARIED = ("near", "budget")
"""Controls whose options are lived ahead for such a page."""
REPORT_TAKES = 900.0
"""Seconds after which a report is given up."""


class Desk:
    """Makes files, one at a time."""

    def __init__(self, crew: Crew):
        self.crew = crew
        self.made: OrderedDict[str, str] = OrderedDict()
        self.at_work = asyncio.Lock()

    def scenario(self, session: Session) -> str:
        """The session as a scenario that ``tiercare run`` takes, with its code and the command in comments."""
        same = f"# The numbers of the page: tiercare run FILE --parameters one --seed {session.seed}\n"
        return f"{MARK}{session.code}\n{same}" + scenario_text(session.sides, session.families)

    def keep(self, text: str) -> str:
        """Keep a page; the path under which it can be fetched."""
        name = secrets.token_urlsafe(12)
        self.made[name] = text
        while len(self.made) > MADE:
            self.made.popitem(last=False)
        return f"/made/{name}.html"

    async def report(self, session: Session, months: int, lang: str) -> str:
        """Run both sides twice, and write the report; its path. Raises Busy while another is made, and Failed."""
        if self.at_work.locked():
            raise Busy
        async with self.at_work:
            with tempfile.TemporaryDirectory(prefix="tiercare-") as folder:
                file, out = Path(folder) / "classroom.yaml", Path(folder) / "run"
                file.write_text(self.scenario(session), encoding="utf-8")
                words = ("run", file, "--months", months, "--replications", 2, "--seed", session.seed, "--out", out,
                         "--lang", lang, "--parameters", "one", "--quiet")  # fmt: skip
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "simulator", *map(str, words),
                    stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                )  # fmt: skip
                try:
                    await asyncio.wait_for(process.wait(), REPORT_TAKES)
                except TimeoutError:
                    process.kill()
                if process.returncode != 0:
                    raise Failed
                return self.keep((out / "report.html").read_text(encoding="utf-8"))

    async def page(self, session: Session, months: int, hello: str) -> str:
        """Both sides, and side B under every option of some controls, on a page of its own; its path."""
        if self.at_work.locked():
            raise Busy
        async with self.at_work:
            months = min(months, LONGEST)
            lived: dict[str, list[Any]] = {}
            for word, side in variants(session, months):
                lived[word] = [json.loads(await self.crew.under("month", side, month)) for month in range(months)]
            content = {"place": json.loads(hello), "sides": session.sides, "code": session.code, "lived": lived,
                       "varied": VARIED, "from": first_change(session, months)}  # fmt: skip
            return self.keep(one_page(content))


def first_change(session: Session, months: int) -> int:
    """The month from which side B is varied: that of its first change, else the sixth."""
    return min((when for when, _ in session.sides["b"]), default=min(6, months - 1))


def variants(session: Session, months: int) -> list[tuple[str, History]]:
    """Side A, side B, and B with other options of the varied controls, each with its name."""
    start, found = first_change(session, months), [(side, session.sides[side]) for side in SIDES]
    near, budget = (controls()[name].options for name in VARIED)
    for first in near:
        for second in budget:
            changes = {when: dict(what) for when, what in session.sides["b"]}
            for what in changes.values():
                for name in (*VARIED, "team"):
                    what.pop(name, None)
            team = "none" if second == budget[0] else "truly"
            changes.setdefault(start, {}).update(near=first, budget=second, team=team)
            found.append((f"{first}.{second}", history(changes)))
    return found


def one_page(content: dict[str, Any]) -> str:
    """The page with its script, style and months written into it."""
    script, style = ((PAGE / name).read_text(encoding="utf-8") for name in ("app.js", "app.css"))
    data = json.dumps(content | written_for_page(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    script = script.replace("</script", "<\\/script")
    policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>tiercare</title>'
        f'<style>{style}</style></head><body><main id="app"></main>'
        f'<script type="application/json" id="kept">{data}</script><script>{script}</script></body></html>'
    )


def written_for_page() -> dict[str, Any]:
    """The data that the page is built from: controls, series, households, acts, lessons."""
    names = ("controls", "series", "households", "hands", "lessons", "programmes")
    return {"data": {name: written(name) for name in names} | {"horizon": HORIZON, "start": START}}
