"""A run folder says by itself whether it is as it was written, and the run can be made again."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.study.folder import write_manifest
from simulator.study.results import Results
from simulator.study.run import run
from simulator.study.run_tables import TABLES
from simulator.study.seal import Damage, damages, sealed

pytestmark = pytest.mark.usefixtures("english")
SMALL = ("time.warm_up=2 months", "network={form: county, townships: 2, villages: 2, tertiary_outside: 1}")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify") / "run"
    place = load("payment_designs", changes=SMALL, families=60, months=3)
    run(place, arms=["baseline", "by_day"], out=folder, workers=1, threads=1)
    return folder


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "run")


def verify(folder: Path, *words: str):
    return CliRunner().invoke(app, ["verify", str(folder), *words])


def flip(file: Path, bit: int) -> None:
    """Turn one bit of a file."""
    content = bytearray(file.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)


def test_a_run_is_intact_and_comes_out_again(finished: Path):
    done = verify(finished, "--repeat", "--threads", "1")
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) == 2
    assert sorted(p.name for p in finished.parent.iterdir() if "lock" not in p.name) == ["run"]
    there = verify(finished, "--lang", "zh")
    assert (there.exit_code, there.stderr) == (0, "")
    assert f"{len(TABLES) + 2} 个文件" in there.stdout


@pytest.mark.parametrize("name", [*(f"{table}.parquet" for table in TABLES), "summary.csv"])
def test_any_flipped_bit_is_told_with_its_file(copy: Path, name: str):
    file = copy / name
    whole = file.read_bytes()
    bits = 8 * len(whole)
    for bit in range(3, bits, bits // 25):
        flip(file, bit)
        assert damages(copy, Results(copy).manifest) == [Damage(name, "changed")], bit
        file.write_bytes(whole)
    flip(file, bits // 2)
    done = verify(copy)
    assert (done.exit_code, done.stdout) == (1, "")
    assert name in done.stderr


def test_pages_are_checked_when_a_table_is_read(copy: Path):
    file = copy / "monthly.parquet"
    column = pq.ParquetFile(file).metadata.row_group(0).column(6)
    flip(file, 8 * (column.data_page_offset + column.total_compressed_size // 2))
    with pytest.raises(UserError, match="monthly"):
        _ = Results.open(copy).monthly


def test_a_table_cut_short_is_no_traceback(copy: Path):
    file = copy / "ledger.parquet"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    done = CliRunner().invoke(app, ["export", str(copy), "--to", "csv", "--out", str(copy.parent / "csv")])
    assert done.exit_code == 2
    assert "ledger.parquet" in done.stderr


def test_a_changed_manifest_a_missing_and_a_strange_table(copy: Path):
    manifest = copy / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"seed": 1', '"seed": 7'), encoding="utf-8")
    assert damages(copy, Results(copy).manifest) == [Damage("manifest.json", "unsealed")]
    manifest.write_text(text[: len(text) // 2], encoding="utf-8")
    assert verify(copy).exit_code == 2
    manifest.write_text(json.dumps(json.loads(text)), encoding="utf-8")  # in another layout it says the same
    assert damages(copy, Results(copy).manifest) == []
    (copy / "tiers.parquet").rename(copy / "strange.parquet")
    found = damages(copy, Results(copy).manifest)
    assert found == [Damage("strange.parquet", "new"), Damage("tiers.parquet", "missing")]


def test_a_sealed_lie_comes_out_otherwise_when_run_again(copy: Path):
    ledger = pq.read_table(copy / "ledger.parquet").to_pandas()
    ledger.loc[3, "fen"] += 1
    ledger.to_parquet(copy / "ledger.parquet")
    write_manifest(copy, sealed(copy, Results(copy).manifest))
    assert verify(copy).exit_code == 0
    done = verify(copy, "--repeat", "--threads", "1", "--lang", "en")
    assert done.exit_code == 1
    assert f"ledger: 1 of {len(ledger)} rows come out otherwise, in fen" in done.stderr
