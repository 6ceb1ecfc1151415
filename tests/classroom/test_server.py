"""The gate, the door, and what a line answers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from simulator.classroom.crew import Crew
from simulator.classroom.gate import GUESSES, Door
from simulator.classroom.server import application

PORT = 8123
HERE, LIVE = f"http://127.0.0.1:{PORT}", f"ws://127.0.0.1:{PORT}/live"
HOSTS = ("127.0.0.1", "localhost", "10.0.0.5")


def client(door: Door | None = None, address: str = "127.0.0.1") -> TestClient:
    app = application(Crew(200, 1, workers=1), door or Door(), HOSTS, PORT, ahead=False)
    return TestClient(app, base_url=HERE, client=(address, 50_000))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": f"localhost:{PORT}"}, 200),
        ({"host": f"evil.example:{PORT}"}, 403),
        ({"host": "127.0.0.1"}, 403),
        ({"host": "127.0.0.1:9999"}, 403),
        ({"origin": HERE}, 200),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": f"http://127.0.0.1:{PORT + 1}"}, 403),
    ],
)
def test_only_own_hosts_and_origins(headers: dict[str, str], status: int) -> None:
    assert client().get("/", headers=headers).status_code == status


@pytest.mark.parametrize(
    "path", ["/", "/app.js", "/app.css", "/icon.svg", "/data.json", "/no-such-file", "/made/x.html"]
)
def test_every_answer_says_what_the_browser_may_do(path: str) -> None:
    answer = client().get(path)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/..%2fserver.py", "/%2e%2e/server.py", "/sources.txt", "/data/lessons.yaml"])
def test_nothing_else_is_served(path: str) -> None:
    assert client().get(path).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
        {"origin": HERE, "host": f"evil.example:{PORT}"},
    ],
)
def test_foreign_sockets_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, client().websocket_connect(LIVE, headers=headers):
        pass
    assert refused.value.code == 4403


def test_a_class_needs_the_code() -> None:
    door = Door("ABCDEF")
    student, teacher = client(door, "10.0.0.9"), client(door)
    assert student.get("/data.json").json()["door"] == {"inside": False, "class": True, "teacher": False}
    assert teacher.get("/data.json").json()["door"]["code"] == "ABCDEF"
    with pytest.raises(WebSocketDisconnect) as refused, student.websocket_connect(LIVE, headers={"origin": HERE}):
        pass
    assert refused.value.code == 4401
    assert student.post("/join", content=b'{"code": "XXXXXX"}').status_code == 403
    assert student.post("/join", content=b"[1").status_code == 400
    assert student.post("/join", content=b'{"code": " abcdef "}').status_code == 200
    assert student.get("/data.json").json()["door"]["inside"] is True


def test_guesses_are_few() -> None:
    door = Door("ABCDEF")
    guesser = client(door, "10.0.0.9")
    answers = [guesser.post("/join", content=b'{"code": "X"}').status_code for _ in range(GUESSES + 2)]
    assert answers == [403] * GUESSES + [429] * 2
    assert guesser.post("/join", content=b'{"code": "ABCDEF"}').status_code == 429
    assert client(door, "10.0.0.8").post("/join", content=b'{"code": "ABCDEF"}').status_code == 200


class Talk:
    """A socket, asked and answered."""

    def __init__(self, socket: Any):
        self.socket = socket
        self.hello = socket.receive_json()
        self.begun = socket.receive_json()

    def ask(self, **message: Any) -> dict[str, Any]:
        self.socket.send_text(json.dumps({**message, "n": 1}))
        while True:
            answer = self.socket.receive_json()
            if answer.get("n") == 1:
                return answer


@pytest.fixture(scope="module")
def classroom() -> Iterator[TestClient]:
    with client() as opened:
        yield opened


def talk(classroom: TestClient) -> Any:
    return classroom.websocket_connect(LIVE, headers={"origin": HERE})


def test_two_sessions_know_nothing_of_each_other(classroom: TestClient) -> None:
    with talk(classroom) as first, talk(classroom) as second:
        one, other = Talk(first), Talk(second)
        same = one.ask(t="month", m=0)
        assert same["a"] == same["b"]
        changed = one.ask(t="set", side="b", key="near", option="high", m=1)
        assert changed["sides"] == {"a": [], "b": [[1, [["near", "high"]]]]}
        apart = one.ask(t="month", m=1)
        assert apart["a"] != apart["b"]
        assert other.ask(t="month", m=1)["b"] == apart["a"]
        assert one.ask(t="undo")["sides"]["b"] == []
        assert other.ask(t="take", code=changed["code"])["sides"] == changed["sides"]
        assert other.ask(t="take", code="900-1--")["wrong"] == "900 1"
        text = other.ask(t="yaml")["text"]
        assert one.ask(t="open", text=text)["sides"] == changed["sides"]
        assert one.ask(t="open", text="format: 1\n")["errors"]
        assert one.ask(t="reset")["sides"] == {"a": [], "b": []}


@pytest.mark.parametrize(
    "message",
    [
        "", "[", "[]", "7", "null", '{"t": "month"}', '{"t": "month", "m": -1}', '{"t": "month", "m": 1e9}',
        '{"t": "month", "m": true}', '{"t": "month", "m": "__import__"}', '{"t": "serve"}', '{"t": "__class__"}',
        '{"t": "set", "side": "c", "key": "near", "option": "high", "m": 1}', '{"t": "lesson", "lesson": "x"}',
        '{"t": "set", "side": "b", "key": "near", "option": 1, "m": 1}', '{"t": "solved", "lesson": "gap"}',
        '{"t": "act", "side": "b", "row": 0, "act": "accept", "option": 0, "m": 1}', '{"t": "open"}',
        '{"t": "act", "side": "b", "row": 9999, "act": "send", "option": 0, "m": 1}', "[" * 2000,
        '{"t": "story", "side": "b", "m": 1, "family": 200, "months": 3}', '{"t": "report", "m": 3, "lang": "x"}',
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_done(classroom: TestClient, message: str) -> None:
    with talk(classroom) as socket:
        Talk(socket)
        socket.send_text(message)
        assert socket.receive_json()["code"] == "unknown"


def test_a_hospital_is_held_and_compared(classroom: TestClient) -> None:
    with talk(classroom) as socket:
        line = Talk(socket)
        row = line.hello["place"]["tier"].index(2)
        assert line.ask(t="at", m=1, row=row)["own"] == {"a": None, "b": None}
        line.ask(t="act", side="b", row=row, act="stay", option=2, m=1)
        at = line.ask(t="at", m=2, row=row)
        assert at["own"]["b"]["row"] == row
        assert at["own"]["b"] != at["b"]
        assert at["own"]["b"] == at["a"]


def test_a_class_holds_one_county(classroom: TestClient) -> None:
    with talk(classroom) as first, talk(classroom) as second:
        teacher, student = Talk(first), Talk(second)
        name = student.ask(t="name", name="Li")["name"]
        student.ask(t="county", on=True)
        rows = [n for n, tier in enumerate(student.hello["place"]["tier"]) if tier == 1]
        assert student.ask(t="hold", row=rows[0])["got"] is True
        assert teacher.ask(t="county", on=True)["holders"] == {str(rows[0]): name}
        assert teacher.ask(t="hold", row=rows[0])["got"] is False
        acted = student.ask(t="act", side="b", row=rows[0], act="accept", option=2, m=9)
        assert acted["sides"]["b"] == [[0, [[f"act.{rows[0]}.accept", 2]]]]
        assert student.ask(t="act", side="b", row=rows[1], act="accept", option=2, m=9)["code"] == "unknown"
        assert teacher.ask(t="advance")["month"] == 1
        assert teacher.ask(t="county", on=False)["sides"]["sides"] == {"a": [], "b": []}


def test_results_are_told_to_the_teacher(classroom: TestClient) -> None:
    with talk(classroom) as socket:
        line = Talk(socket)
        name = line.ask(t="name", name="  Wang \n")["name"]
        line.ask(t="solved", lesson="gap", values={"near": 0.02, "x": "no"})
        told = line.ask(t="results")["results"]
        assert told[name]["gap"]["values"] == {"near": 0.02}
