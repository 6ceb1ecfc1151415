"""A dask scheduler that lets nobody in but the workers and the driver of one study: it listens on one network, speaks
TLS, asks everybody for the certificate that was made for it, and shows no pages.

Dask runs whatever a client sends it, so who reaches an open scheduler runs code as the user.
"""

import contextlib
import datetime
import os
import shutil
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say

LASTS = datetime.timedelta(days=400)
SLACK = datetime.timedelta(days=1)
"""By so much may the clocks of nodes differ."""


@contextlib.contextmanager
def certificate(folder: Path) -> Generator[Any]:
    """What dask needs for TLS, with a key and certificate of its own in files below ``folder`` that only their owner
    can read; taken away at the end. The nodes read them there.

    Raises:
        UserError: the files cannot be written.
    """
    from distributed import Security

    place = folder / f"tls-{socket.gethostname()}-{os.getpid()}"
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700, parents=True)
        cert, key = (_kept(place / name, text) for name, text in zip(("cert.pem", "key.pem"), _pair(), strict=True))
    except OSError as error:
        raise UserError(say("study.out_unwritable", folder=place, why=error.strerror or error)) from error
    roles = {f"tls_{role}_{what}": file for role in ("client", "scheduler", "worker") for what, file in
             (("cert", cert), ("key", key))}  # fmt: skip
    try:
        yield Security(require_encryption=True, tls_ca_file=cert, **roles)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _kept(file: Path, content: bytes) -> str:
    """A new file that only its owner can read."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    return str(file)


def _pair() -> tuple[bytes, bytes]:
    """A certificate that vouches for itself and its key, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tiercare study")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + LASTS)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(pem), key.private_bytes(pem, *form)


def network(chosen: str | None) -> str:
    """The network on which a scheduler listens: the one chosen, or else the only one that leads to other machines.

    Raises:
        UserError: there is no such network, or nothing says which.
    """
    import psutil

    known = {
        name: any(each.family == socket.AF_INET for each in addresses)
        for name, addresses in psutil.net_if_addrs().items()
    }
    if chosen is not None:
        if not known.get(chosen):
            raise UserError(say("sweep.interface", name=chosen, known=", ".join(known)) + near(chosen, known))
        return chosen
    state = psutil.net_if_stats()
    outward = [
        name for name, has_address in known.items()
        if has_address and state[name].isup and "loopback" not in state[name].flags.split(",")
    ]  # fmt: skip
    if len(outward) != 1:
        raise UserError(say("sweep.interface_which", known=", ".join(outward) or "–"))
    return outward[0]


def unseen() -> type:
    """The class of a scheduler without the web server that dask opens with every one, dashboard or not."""
    from distributed import Scheduler

    class Unseen(Scheduler):
        def start_http_server(self, *args: Any, **options: Any) -> None:
            """None is started."""

    return Unseen
