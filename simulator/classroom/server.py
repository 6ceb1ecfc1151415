"""The page and its sockets: Starlette behind the gate."""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from simulator.classroom.crew import Crew
from simulator.classroom.desk import PAGE, Desk, written_for_page
from simulator.classroom.gate import OWN, Door, Gate
from simulator.classroom.line import Line
from simulator.classroom.school import School
from simulator.classroom.sessions import Session

FILES = {"": "index.html", "app.js": "app.js", "app.css": "app.css", "icon.svg": "icon.svg"}
LINES = 60
"""Sockets at once."""
LARGEST = 65_536
"""Bytes of a message."""
COOKIE = "tiercare"
LOCAL = ("127.0.0.1", "localhost")
SANDBOX = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:"
)
"""Policy of pages that were made: they run apart from this one, and reach nothing."""


def own_addresses() -> list[str]:
    """Addresses under which this machine is seen in its network."""
    with sockets.socket(sockets.AF_INET, sockets.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; picks the address that would be used
            return [str(probe.getsockname()[0])]
        except OSError:
            return []


def application(crew: Crew, door: Door, hosts: Sequence[str], port: int, *, ahead: bool = True) -> Gate:
    """The application of a classroom.

    Args:
        crew: not yet started.
        door: who may come in.
        hosts: names under which the page may be asked for.
        port: its port.
        ahead: whether today's rules are lived ahead while nobody waits.
    """
    school, desk, lines = School(Session(crew.families, crew.seed)), Desk(crew), set[Line]()

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncGenerator[None]:
        crew.start()
        work = asyncio.create_task(crew.ahead()) if ahead else None
        yield
        if work is not None:
            work.cancel()
        crew.stop()

    def inside(asking: Request | WebSocket) -> bool:
        return door.open_to(asking.client.host if asking.client else "", asking.cookies.get(COOKIE))

    async def page(request: Request) -> Response:
        name = FILES.get(request.path_params.get("name", ""))
        return FileResponse(PAGE / name) if name else PlainTextResponse("not found", 404)

    async def data(request: Request) -> Response:
        own = request.client is not None and request.client.host in OWN
        told: dict[str, object] = {"inside": inside(request), "class": door.code is not None, "teacher": own}
        if own and door.code is not None:
            told |= {"code": door.code, "addresses": [f"http://{host}:{port}" for host in hosts if host not in LOCAL]}
        return JSONResponse(written_for_page()["data"] | {"door": told})

    async def join(request: Request) -> Response:
        body = (await request.body())[:200]
        try:
            said = json.loads(body)["code"]
            key = door.guess(request.client.host if request.client else "", str(said))
        except (ValueError, KeyError, TypeError, RecursionError):
            return PlainTextResponse("unreadable", 400)
        except PermissionError:
            return PlainTextResponse("wait a minute", 429)
        if key is None:
            return PlainTextResponse("wrong", 403)
        answer = PlainTextResponse("come in")
        answer.set_cookie(COOKIE, key, httponly=True, samesite="strict")
        return answer

    async def made(request: Request) -> Response:
        text = desk.made.get(request.path_params["name"])
        if text is None or not inside(request):
            return PlainTextResponse("not found", 404)
        headers = {"content-security-policy": SANDBOX}
        if "save" in request.query_params:
            headers["content-disposition"] = 'attachment; filename="tiercare.html"'
        return HTMLResponse(text, headers=headers)

    async def live(socket: WebSocket) -> None:
        if not inside(socket) or len(lines) >= LINES:
            await socket.close(4429 if inside(socket) else 4401)
            return
        await socket.accept()
        teacher = socket.client is not None and socket.client.host in OWN
        line = Line(socket, crew, school, desk, teacher)
        lines.add(line)
        try:
            await line.serve()
        finally:
            lines.discard(line)

    routes = [
        Route("/", page),
        Route("/data.json", data),
        Route("/join", join, methods=["POST"]),
        Route("/made/{name:str}.html", made),
        Route("/{name:str}", page),
        WebSocketRoute("/live", live),
    ]
    return Gate(Starlette(routes=routes, lifespan=life), hosts, port)
