"""Does any file whatever bring the reader down? Coverage-guided fuzzing with atheris (libFuzzer), for a bounded time.

    python -m experiments.faults.fuzz --seconds 600

The fuzzer grows texts that reach new lines of `simulator.scenario`, from those of the shipped scenarios on. Whatever it
writes must be read or refused with file and line; the first text that does anything else, or takes longer than ten
seconds, is kept and ends the run with exit code 1. See question.md.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SLOW = 10
"""Seconds that a text may take."""
LONGEST = 4096
"""Bytes of a text."""
WORDS = re.compile(r"[A-Za-z_]{3,}|[一-鿿]{2,}|\d+ ?[a-z%]+")
FUZZING = """
import sys
import atheris

with atheris.instrument_imports(include=["simulator.core", "simulator.scenario", "yaml"]):
    import simulator.scenario
    from experiments.faults.fuzz import read
atheris.Setup(sys.argv, read)
atheris.Fuzz()
"""


def read(data: bytes) -> None:
    """Read a text as a scenario; anything but a refusal with a place is raised."""
    from simulator import load
    from simulator.core.errors import UserError

    file = Path(tempfile.gettempdir()) / "fuzzed.yaml"
    file.write_bytes(data)
    try:
        load(file)
    except UserError as error:
        nowhere = [str(each) for each in error.all if each.line is None]
        if nowhere:
            raise AssertionError(f"refused without a place: {nowhere[0]}") from error


def seeds(folder: Path) -> None:
    """Pieces of the shipped scenarios that begin like one, for the fuzzer to begin with."""
    from experiments.faults.mutants import shipped

    head = "format: 1\nextends: base.yaml\ntitle: {en: a, zh: 甲}\ndescription: {en: b, zh: 乙}\n"
    for file in shipped():
        text = file.read_text(encoding="utf-8")
        blocks = re.split(r"(?m)^(?=[a-z])", text)
        for number, block in enumerate(blocks):
            (folder / f"{file.stem}-{number}").write_text((head + block)[:LONGEST], encoding="utf-8")


def words(file: Path) -> None:
    """Words of the scenario language, as libFuzzer's dictionary."""
    from experiments.faults.mutants import shipped

    found = sorted({word for each in shipped() for word in WORDS.findall(each.read_text(encoding="utf-8"))})
    quoted = ("".join(f"\\x{byte:02x}" if byte > 126 else chr(byte) for byte in word.encode()) for word in found)
    file.write_text("".join(f'"{word}"\n' for word in quoted), encoding="utf-8")


def fuzz(seconds: int, seed: int = 1) -> tuple[int, str, bytes | None]:
    """Fuzz for so long: exit code, the last lines that were said, and the text that was badly met, if there was one."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        corpus = folder / "corpus"
        corpus.mkdir()
        seeds(corpus)
        words(folder / "words")
        done = subprocess.run(
            [
                sys.executable, "-c", FUZZING, str(corpus), f"-max_total_time={seconds}", f"-seed={seed}",
                f"-max_len={LONGEST}", f"-timeout={SLOW}", f"-dict={folder / 'words'}", f"-artifact_prefix={folder}/",
                "-rss_limit_mb=4096", "-print_final_stats=1",
            ],
            capture_output=True, text=True, check=False, errors="replace",
            env={**os.environ, "TMPDIR": str(folder)},
        )  # fmt: skip
        kept = [each for kind in ("crash", "timeout", "oom", "leak") for each in folder.glob(f"{kind}-*")]
        return done.returncode, (done.stdout + done.stderr)[-4000:], kept[0].read_bytes() if kept else None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Fuzz, and tell what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    code, said, text = fuzz(options.seconds, options.seed)
    print(said)
    if text is not None:
        print(f"badly met, {len(text)} bytes:\n{text.decode('utf-8', errors='replace')}")
    return int(code != 0 or text is not None)


if __name__ == "__main__":
    raise SystemExit(main())
