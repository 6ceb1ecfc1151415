"""The gate: only this page's own hosts and origins, with or without a socket; what the browser may do; join codes."""

import hmac
import secrets
import time
from collections.abc import Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-cache",
}
REFUSED = 4403
"""Code with which a socket is closed that may not come in."""
GUESSES, EVERY = 8, 60.0
"""Guesses of the join code from one address, and seconds in which they come back."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters of a join code: none that look alike."""
OWN = ("127.0.0.1", "::1", "testclient")
"""Addresses of this machine; the last is that of Starlette's test client, which no network can have."""


def headers_of(scope: Scope, name: bytes) -> list[str]:
    """Every value of a header."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


class Gate:
    """Refuses foreign hosts and origins, and a socket without an origin; adds headers to every answer."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], port: int):
        self.app = app
        self.hosts = {f"{host}:{port}" for host in hosts}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As every ASGI application."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        host, origin = headers_of(scope, b"host"), headers_of(scope, b"origin")
        fair = len(host) == 1 and host[0] in self.hosts and all(each in self.origins for each in origin)
        if scope["type"] == "websocket":
            if not fair or len(origin) != 1:
                await receive()
                await send({"type": "websocket.close", "code": REFUSED})
                return
            await self.app(scope, receive, send)
            return
        if not fair or (origin and len(origin) != 1):
            await PlainTextResponse("refused", 403)(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {key.lower() for key, _ in message.get("headers", [])}
                more = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in given]
                message["headers"] = [*message.get("headers", []), *more]
            await send(message)

        await self.app(scope, receive, headed)


class Door:
    """Who may come in from the network: whoever knows the join code; this machine always."""

    def __init__(self, code: str | None = None):
        self.code = code
        self.keys: set[str] = set()
        self.tried: dict[str, tuple[float, float]] = {}  # guesses left and when, by address

    @classmethod
    def for_class(cls) -> "Door":
        """With a code of its own."""
        return cls("".join(secrets.choice(LETTERS) for _ in range(6)))

    def open_to(self, address: str, key: str | None) -> bool:
        """Whether someone at an address with the cookie ``key`` is in."""
        return self.code is None or address in OWN or key in self.keys

    def guess(self, address: str, text: str) -> str | None:
        """A key for whoever says the code; None for a wrong one, and for whoever tries too often.

        Raises PermissionError for the latter.
        """
        now = time.monotonic()
        left, then = self.tried.get(address, (float(GUESSES), now))
        left = min(float(GUESSES), left + (now - then) * GUESSES / EVERY)
        if left < 1:
            self.tried[address] = left, now
            raise PermissionError
        right = self.code is not None and hmac.compare_digest(text.strip().upper().encode(), self.code.encode())
        self.tried[address] = (left if right else left - 1), now
        if not right:
            return None
        key = secrets.token_urlsafe(18)
        self.keys.add(key)
        return key
