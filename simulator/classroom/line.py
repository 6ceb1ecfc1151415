"""One student's line: messages in, answers out. Nothing but known words and small whole numbers gets any further."""

import asyncio
import json
import time
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from simulator.classroom.controls import HORIZON, by_rules, controls, written
from simulator.classroom.crew import Busy, Crew, Failed
from simulator.classroom.desk import Desk
from simulator.classroom.school import School
from simulator.classroom.sessions import SIDES, Session, history

IDLE = 2_400.0
"""Seconds without a message after which a line ends."""
BURST, RATE = 60.0, 30.0
"""Messages at once, and in a second."""
SETUP = 1
"""Month from which the rules hold that a lesson begins with."""
STORY = 12
"""Months of a story at most."""
PUSHED = 8
"""Messages that wait to be pushed; of more, the oldest falls away."""


class Wrong(Exception):
    """A message that says nothing that is understood."""


class Line:
    """A socket and its session."""

    def __init__(self, socket: WebSocket, crew: Crew, school: School, desk: Desk, teacher: bool):
        self.socket, self.crew, self.school, self.desk, self.teacher = socket, crew, school, desk, teacher
        self.own = self.session = Session(crew.families, crew.seed)
        self.name = school.name_for("")
        self.pushed: asyncio.Queue[str] = asyncio.Queue(PUSHED)
        self.tier: list[int] = []
        self.tokens, self.then = BURST, time.monotonic()

    @property
    def together(self) -> bool:
        """Whether this line is at the shared county."""
        return self.session is self.school.shared

    def push(self, message: dict[str, Any]) -> None:
        """Tell something that was not asked for."""
        if self.pushed.full():
            self.pushed.get_nowait()
        self.pushed.put_nowait(json.dumps(message))

    async def serve(self) -> None:
        """Answer until the line ends."""
        self.school.enter(self)
        pusher = asyncio.ensure_future(self._push())
        try:
            hello = await self.crew.hello()
            self.tier = json.loads(hello)["tier"]
            await self.socket.send_text(f'{{"t":"hello","place":{hello}}}')
            await self.send(self.changes())
            while True:
                text = await asyncio.wait_for(self.socket.receive_text(), IDLE)
                await self.pace()
                await self.answer(text)
        except (WebSocketDisconnect, TimeoutError, RuntimeError, Failed):
            pass
        finally:
            pusher.cancel()
            self.school.leave(self)

    async def _push(self) -> None:
        while True:
            await self.socket.send_text(await self.pushed.get())

    async def pace(self) -> None:
        """Slow down whoever sends too much."""
        now = time.monotonic()
        self.tokens, self.then = min(BURST, self.tokens + RATE * (now - self.then)), now
        self.tokens -= 1
        if self.tokens < 0:
            await asyncio.sleep(-self.tokens / RATE)

    async def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        await self.socket.send_text(json.dumps(message))

    async def answer(self, text: str) -> None:
        """Answer one message; whatever cannot be understood is never executed."""
        number = None
        try:
            message = json.loads(text)
            if not isinstance(message, dict):
                raise Wrong
            number = message.get("n")
            number = number if isinstance(number, int) and abs(number) < 1e9 else None
            handler = HANDLERS.get(str(message.get("t")))
            if handler is None:
                raise Wrong
            body = await handler(self, message)
            if isinstance(body, str):
                await self.socket.send_text(f'{{"n":{json.dumps(number)},{body}}}')
            elif body is not None:
                await self.send({"n": number} | body)
        except (ValueError, RecursionError, Wrong):
            await self.send({"n": number, "t": "error", "code": "unknown"})
        except Busy:
            await self.send({"n": number, "t": "error", "code": "busy"})
        except Failed:
            await self.send({"n": number, "t": "error", "code": "failed"})

    def changes(self) -> dict[str, Any]:
        """What has been chosen so far."""
        return {"t": "changes", "sides": self.session.sides, "code": self.session.code, "together": self.together,
                "back": len(self.session.past)}  # fmt: skip

    # -- what may be said --------------------------------------------------------------------------------------------

    async def month(self, message: dict[str, Any]) -> str:
        """A month of both sides."""
        month = whole(message.get("m"), HORIZON)
        if self.together and not self.teacher and month > self.school.month:
            raise Wrong
        a, b = await asyncio.gather(*(self.crew.under("month", self.session.sides[side], month) for side in SIDES))
        return f'"t":"frame","m":{month},"a":{a},"b":{b}'

    async def choose(self, message: dict[str, Any]) -> dict[str, Any]:
        """An option of a control, from a month on."""
        side, name, option = one_of(message.get("side"), SIDES), message.get("key"), message.get("option")
        if self.together and not self.teacher:
            raise Wrong
        control = controls().get(str(name))
        if control is None or option not in control.options:
            raise Wrong
        self.session.change(side, whole(message.get("m"), HORIZON), control.name, option)
        return self.changed()

    async def programme(self, message: dict[str, Any]) -> dict[str, Any]:
        """The rules of a programme, as far as the buttons say them, on side B from a month on."""
        programme = written("programmes").get(str(message.get("programme")))
        if programme is None or (self.together and not self.teacher):
            raise Wrong
        self.session.change_all("b", whole(message.get("m"), HORIZON), programme["options"])
        return self.changed()

    async def act(self, message: dict[str, Any]) -> dict[str, Any]:
        """What a student does at the facility that he holds."""
        side, row = one_of(message.get("side"), SIDES), whole(message.get("row"), len(self.tier))
        act = written("hands").get(str(message.get("act")))
        value = message.get("option")
        if act is None or self.tier[row] not in act["tiers"]:
            raise Wrong
        if value is not None:
            whole(value, len(act["options"]))
        if self.together and self.school.holders.get(row) != self.name:
            raise Wrong
        month = self.school.month if self.together else whole(message.get("m"), HORIZON)
        self.session.change(side, month, f"act.{row}.{message['act']}", value)
        return self.changed()

    def changed(self) -> dict[str, Any]:
        """The changes, told to everybody at the shared county."""
        if self.together:
            self.school.tell(self.school.told(), lambda line: line.together and line is not self)
        return self.changes()

    async def undo(self, message: dict[str, Any]) -> dict[str, Any]:
        """Take the last change back."""
        if self.together and not self.teacher:
            raise Wrong
        self.session.undo()
        return self.changed()

    async def reset(self, message: dict[str, Any]) -> dict[str, Any]:
        """Today's rules again."""
        if self.together and not self.teacher:
            raise Wrong
        self.session.reset()
        return self.changed()

    async def lesson(self, message: dict[str, Any]) -> dict[str, Any]:
        """Begin a lesson: its rules on both sides, and nothing else."""
        lesson = written("lessons").get(str(message.get("lesson")))
        if lesson is None or self.together:
            raise Wrong
        self.session.remember()
        setup = lesson.get("setup", {})
        self.session.sides = {side: history({SETUP: setup[side]} if side in setup else {}) for side in SIDES}
        return self.changed()

    async def take(self, message: dict[str, Any]) -> dict[str, Any]:
        """Take over a code."""
        if self.together and not self.teacher:
            raise Wrong
        wrong = self.session.take(str(message.get("code"))[:2000])
        return self.changed() | {"wrong": wrong}

    async def story(self, message: dict[str, Any]) -> str:
        """A family's last months."""
        side, month = one_of(message.get("side"), SIDES), whole(message.get("m"), HORIZON)
        family = whole(message.get("family"), self.crew.families)
        months = 1 + whole(message.get("months"), STORY)
        text = await self.crew.under("story", self.session.sides[side], month, family, months)
        return f'"t":"story","story":{text}'

    async def at(self, message: dict[str, Any]) -> str:
        """A facility in a month of both sides; where a student holds it, what the model's own would have done too."""
        month, row = whole(message.get("m"), HORIZON), whole(message.get("row"), len(self.tier))
        histories = [self.session.sides[side] for side in SIDES]
        mine = f"act.{row}."
        own = [by_rules(h) if any(name.startswith(mine) for _, what in h for name, _ in what) else None
               for h in histories]  # fmt: skip
        asked = [self.crew.under("at", h, month, row) if h is not None else nothing() for h in (*histories, *own)]
        a, b, own_a, own_b = await asyncio.gather(*asked)
        return f'"t":"at","a":{a},"b":{b},"own":{{"a":{own_a},"b":{own_b}}}'

    async def near(self, message: dict[str, Any]) -> str:
        """Families that live around a facility."""
        row = whole(message.get("row"), len(self.tier))
        return f'"t":"near","families":{await self.crew.ask(0, "families_at", row)}'

    async def yaml(self, message: dict[str, Any]) -> dict[str, Any]:
        """The session as a scenario."""
        return {"t": "yaml", "text": self.desk.scenario(self.session)}

    async def opened(self, message: dict[str, Any]) -> dict[str, Any]:
        """Open a scenario that the classroom wrote: read by the same checks as every other."""
        text = message.get("text")
        if not isinstance(text, str) or (self.together and not self.teacher):
            raise Wrong
        found = json.loads(await self.crew.ask(0, "opened", text))
        if found["code"]:
            wrong = self.session.take(found["code"])
            return self.changed() | {"wrong": wrong}
        return {"t": "opened", "errors": found["errors"]}

    async def report(self, message: dict[str, Any]) -> dict[str, Any]:
        """Make the report of the session."""
        lang = one_of(message.get("lang"), ("en", "zh"))
        months = max(12, 1 + whole(message.get("m"), HORIZON))
        return {"t": "made", "path": await self.desk.report(self.session, months, lang)}

    async def page(self, message: dict[str, Any]) -> dict[str, Any]:
        """Make one page that needs no server."""
        months = 1 + whole(message.get("m"), HORIZON)
        return {"t": "made", "path": await self.desk.page(self.session, months, await self.crew.hello())}

    async def named(self, message: dict[str, Any]) -> dict[str, Any]:
        """A student says who he is."""
        self.school.leave(self)
        self.name = self.school.name_for(str(message.get("name")))
        self.school.enter(self)
        return {"t": "named", "name": self.name, "teacher": self.teacher}

    async def solved(self, message: dict[str, Any]) -> dict[str, Any]:
        """A goal is reached."""
        lesson, values = message.get("lesson"), message.get("values")
        if lesson not in written("lessons") or not isinstance(values, dict) or len(values) > 12:
            raise Wrong
        kept = {str(k)[:12]: float(v) for k, v in values.items() if isinstance(v, int | float)}
        self.school.solved(self.name, str(lesson), kept, self.session.code)
        self.school.tell({"t": "results", "results": self.school.results}, lambda line: line.teacher)
        return {"t": "noted"}

    async def results(self, message: dict[str, Any]) -> dict[str, Any]:
        """What the class has solved, for its teacher."""
        if not self.teacher:
            raise Wrong
        return {"t": "results", "results": self.school.results}

    async def county(self, message: dict[str, Any]) -> dict[str, Any]:
        """Go to the shared county, or back to one's own."""
        self.session = self.school.shared if message.get("on") else self.own
        return self.school.told() | {"name": self.name} | {"sides": self.changes()}

    async def hold(self, message: dict[str, Any]) -> dict[str, Any]:
        """Take over a facility of the shared county."""
        got = self.school.hold(self.name, whole(message.get("row"), len(self.tier)))
        self.school.tell(self.school.told(), lambda line: line.together and line is not self)
        return self.school.told() | {"got": got}

    async def advance(self, message: dict[str, Any]) -> dict[str, Any]:
        """The teacher lets a month pass in the shared county."""
        if not self.teacher or self.school.month + 1 >= HORIZON:
            raise Wrong
        self.school.month += 1
        self.school.tell(self.school.told(), lambda line: line.together and line is not self)
        return self.school.told()


async def nothing() -> str:
    """No answer, as JSON."""
    return "null"


def whole(value: Any, below: int) -> int:
    """A whole number from 0 and below a bound. Raises Wrong for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < below:
        raise Wrong
    return value


def one_of(value: Any, words: tuple[str, ...]) -> str:
    """One of some words. Raises Wrong for anything else."""
    if value not in words:
        raise Wrong
    return value


HANDLERS = {
    "month": Line.month, "set": Line.choose, "act": Line.act, "undo": Line.undo, "reset": Line.reset,
    "programme": Line.programme, "lesson": Line.lesson, "take": Line.take, "story": Line.story, "at": Line.at,
    "near": Line.near, "yaml": Line.yaml, "open": Line.opened, "report": Line.report, "page": Line.page,
    "name": Line.named, "solved": Line.solved, "results": Line.results, "county": Line.county, "hold": Line.hold,
    "advance": Line.advance,
}  # fmt: skip
