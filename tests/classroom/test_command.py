"""What `tiercare demo` says to a wrong number or a taken port; the page travels with the package."""

import socket

import pytest
from typer.testing import CliRunner

from simulator.classroom.desk import PAGE
from simulator.cli.app import app

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "0"], "port"),
        (["--port", "70000"], "65535"),
        (["--families", "20"], "families"),
        (["--families", "1000000"], "20000"),
        (["--lang", "fr"], "fr"),
    ],
)
def test_a_wrong_number_is_told(words: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["demo", "--no-browser", *words])
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_taken_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(app, ["demo", "--no-browser", "--port", str(port)])
    assert done.exit_code == 2
    assert f"port {port}" in done.output


def test_the_page_is_there() -> None:
    assert {file.name for file in PAGE.iterdir()} == {"index.html", "app.js", "app.css", "icon.svg", "sources.txt"}
