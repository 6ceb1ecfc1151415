"""Parquet files of results: every page is written with its checksum and checked when it is read."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.errors import UserError
from simulator.core.messages import say

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FORM = {"compression": "zstd", "write_page_checksum": True}
"""How pyarrow writes them."""


@contextmanager
def intact(path: Path) -> Generator[None]:
    """Say of a table that is missing or damaged which file it is.

    Raises:
        UserError: what is read here cannot be.
    """
    try:
        yield
    except FileNotFoundError:
        raise UserError(say("study.table_missing", file=path)) from None
    except (OSError, ValueError, MemoryError) as error:  # ArrowInvalid is a ValueError; lengths may be flipped too
        raise UserError(say("study.table_damaged", file=path, why=str(error).splitlines()[0])) from error


def write(table: "pa.Table", path: Path) -> None:
    """Write a table."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, **FORM)


def read(path: Path, **how: Any) -> "pa.Table":
    """Read a table, ``how`` as pyarrow has it.

    Raises:
        UserError: it is missing or damaged.
    """
    import pyarrow.parquet as pq

    with intact(path):
        return pq.read_table(path, page_checksum_verification=True, **how)


def frame(path: Path) -> "pd.DataFrame":
    """Read a table as a frame.

    Raises:
        UserError: it is missing or damaged.
    """
    import pandas as pd

    with intact(path):
        return pd.read_parquet(path, page_checksum_verification=True)


def coded(path: Path, filters: Any = None, columns: list[str] | None = None) -> "pd.DataFrame":
    """Read a table as a frame whose words are categories: a tenth of the time and room, of it and of what is grouped.

    Args:
        path: of the table.
        filters: rows to read, as pyarrow has them.
        columns: to read; all by default.

    Raises:
        UserError: it is missing or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with intact(path):
        schema = pq.read_schema(path)
    words = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
    table = read(path, read_dictionary=words, filters=filters, columns=columns)
    return table.unify_dictionaries().to_pandas()


def distinct(path: Path, columns: list[str], filters: Any = None) -> set[tuple[str, ...]]:
    """The different rows that some columns of words have, without making a frame of the table.

    Args:
        path: of the table.
        columns: of words.
        filters: rows to read, as pyarrow has them.

    Raises:
        UserError: it is missing or damaged.
    """
    table = read(path, read_dictionary=columns, columns=columns, filters=filters).unify_dictionaries()
    found = table.group_by(columns).aggregate([])
    return set(zip(*(found[column].to_pylist() for column in columns), strict=True))


def join(parts: list[Path], whole: Path) -> None:
    """Write tables one after the other, holding one of them in memory.

    Raises:
        UserError: a part is missing or damaged.
    """
    import pyarrow.parquet as pq

    with intact(parts[0]):
        schema = pq.read_schema(parts[0])
    with pq.ParquetWriter(whole, schema, **FORM) as writer:
        for part in parts:
            writer.write_table(read(part, schema=schema))
