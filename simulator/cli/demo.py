"""`tiercare demo`: the classroom, a page on this machine or for a classroom's network."""

import sys
from typing import Annotated

import typer

from simulator.cli.app import app
from simulator.cli.options import Language, Seed
from simulator.cli.output import at_least, reported

LEAST, MOST = 200, 20_000
"""Families of a classroom's county."""


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page.")] = 8080,
    families: Annotated[int, typer.Option(help="Sampled families of the county.")] = 2_000,
    seed: Seed = 1,
    in_class: Annotated[
        bool, typer.Option("--class", help="Let students in from the classroom's network, by a join code.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    lang: Language = None,
) -> None:
    """Open the classroom: two sets of rules on the same families, month by month, in the browser."""
    with reported(lang):
        from simulator.core.errors import UserError
        from simulator.core.messages import language, say

        at_least(1, port=port)
        at_least(LEAST, families=families)
        if port > 65_535 or families > MOST:
            raise UserError(say("demo.most", port=65_535, families=MOST))
        _serve(port, families, seed, in_class, not no_browser, language())


def _serve(port: int, families: int, seed: int, in_class: bool, browser: bool, lang: str) -> None:
    import socket
    import threading
    import webbrowser

    import uvicorn

    from simulator.classroom.crew import Crew
    from simulator.classroom.gate import Door
    from simulator.classroom.server import LARGEST, LOCAL, application, own_addresses
    from simulator.core.errors import UserError
    from simulator.core.messages import say

    hosts = [*LOCAL, *(own_addresses() if in_class else [])]
    door = Door.for_class() if in_class else Door()
    here = f"http://127.0.0.1:{port}/?lang={lang}"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("0.0.0.0" if in_class else "127.0.0.1", port))
        except OSError as error:
            raise UserError(say("demo.port", port=port, why=error.strerror)) from error
        print(say("demo.open", address=here))
        for host in hosts[len(LOCAL) :]:
            print(say("demo.class", address=f"http://{host}:{port}/", code=door.code))
        print(say("demo.stop"), flush=True)
        if browser:
            threading.Timer(0.6, webbrowser.open, [here]).start()
        served = application(Crew(families, seed), door, hosts, port)
        config = uvicorn.Config(
            served, ws="websockets-sansio", ws_max_size=LARGEST, log_level="warning", server_header=False,
            ws_ping_interval=20, timeout_graceful_shutdown=2,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])
    sys.stdout.flush()
