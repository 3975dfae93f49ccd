"""From Parquet to scored Parquet, and files put together from row groups that were encoded side by side."""

from __future__ import annotations

import io
import random
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import libcsat as cs
import polars as pl
import pyarrow as pa
import pytest
from libcsat.parquet import ParquetOutput
from libcsat.parquet_footer import _Reader, _write_struct
from pyarrow import parquet
from test_tables import RESULTS, columns

ROWS = 300_000  # Three row groups.


@pytest.fixture(scope="module")
def data() -> pa.Table:
    rows = pa.table(columns(20_000, seed=5))
    return pa.concat_tables([rows] * (ROWS // 20_000)).combine_chunks()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, data: pa.Table) -> Path:
    made = tmp_path_factory.mktemp("parquet")
    parquet.write_table(data, made / "rows.parquet", row_group_size=70_001)
    return made


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.fixture(scope="module")
def expected(service: cs.Policy, folder: Path) -> pa.Table:
    return service.score(parquet.read_table(folder / "rows.parquet"), explain=True, each_row_alone=True)


@pytest.fixture(scope="module")
def by_one_thread(service: cs.Policy, folder: Path) -> bytes:
    target = folder / "by-one-thread.parquet"
    cs.score_parquet(service, folder / "rows.parquet", target, explain=True, threads=1, each_row_alone=True)
    return target.read_bytes()


@pytest.mark.parametrize("threads", [1, 2, 7, None])
def test_the_scores_of_a_table(
    threads: int | None, service: cs.Policy, folder: Path, expected: pa.Table, by_one_thread: bytes
) -> None:
    target = folder / f"scored-{threads}.parquet"
    assert (
        cs.score_parquet(
            service, folder / "rows.parquet", target, explain=True, threads=threads, each_row_alone=True
        )
        == ROWS
    )
    made = parquet.read_table(target)
    assert made.schema.equals(expected.schema)
    for name in made.column_names:
        assert made[name].equals(expected[name]), name
    assert target.read_bytes() == by_one_thread
    assert parquet.ParquetFile(target).num_row_groups > 1 and leftovers(folder) == []


def test_columns_and_options(service: cs.Policy, data: pa.Table, folder: Path) -> None:
    source, target = folder / "rows.parquet", folder / "some.parquet"
    cs.score_parquet(
        service, str(source), str(target), columns=[], exact=True, prefix="cs_", each_row_alone=True
    )
    table = parquet.read_table(target)
    assert table.column_names == ["cs_" + name for name in RESULTS]
    assert table.schema.field("cs_score").type == pa.decimal128(18, 6)
    cs.score_parquet(
        service,
        source,
        target,
        "desk",
        columns=["team", "id"],
        writer={"compression": "snappy"},
        each_row_alone=True,
    )
    table = parquet.read_table(target)
    assert table.column_names == ["team", "id", *RESULTS]
    assert table["id"].equals(data["id"])
    assert parquet.ParquetFile(target).metadata.row_group(0).column(0).compression == "SNAPPY"
    scores = service.score(data, each_row_alone=True)["score"]
    assert table["score"].combine_chunks().equals(scores.combine_chunks())


def test_a_veto_of_a_whole_period(service: cs.Policy, data: pa.Table, tmp_path: Path) -> None:
    rows = data.slice(0, 5000).append_column("who", [[f"p{i % 40}" for i in range(5000)]])
    rows = rows.append_column("month", [["2025-03"] * 5000])
    parquet.write_table(rows, tmp_path / "rows.parquet", row_group_size=1000)
    keys = {"subject": "who", "period": "month"}
    cs.score_parquet(service, tmp_path / "rows.parquet", tmp_path / "rows.parquet", columns=["id"], **keys)
    made = parquet.read_table(tmp_path / "rows.parquet")
    expected = service.score(rows, **keys)
    assert made["outcome"].to_pylist() == expected["outcome"].to_pylist()
    assert made["outcome"].to_pylist() != service.score(rows, each_row_alone=True)["outcome"].to_pylist()
    assert leftovers(tmp_path) == []


def test_no_rows(service: cs.Policy, data: pa.Table, tmp_path: Path) -> None:
    parquet.write_table(data.slice(0, 0), tmp_path / "rows.parquet")
    assert (
        cs.score_parquet(service, tmp_path / "rows.parquet", tmp_path / "scored.parquet", each_row_alone=True)
        == 0
    )
    table = parquet.read_table(tmp_path / "scored.parquet")
    assert table.num_rows == 0 and table.column_names == [*data.column_names, *RESULTS]


@pytest.mark.parametrize(
    ("change", "options", "error", "words"),
    [
        pytest.param({"tickets": [-1]}, {}, cs.TableError, r"^row 250000: ", id="a bad row far down"),
        pytest.param({}, {"columns": ["teams"]}, cs.TableError, r"\(is it 'team'\?\)", id="no such column"),
        pytest.param({}, {"scorecard": "desks"}, cs.NotFoundError, "no scorecard 'desks'", id="no scorecard"),
        pytest.param({}, {"subject": "id"}, ValueError, "give both or none", id="half the keys"),
        pytest.param({}, {"threads": 0}, ValueError, r"threads 0 lies outside \[1, 256\]", id="no thread"),
        pytest.param({}, {"absent": ["leaks"]}, cs.TableError, "is a column of the table", id="not absent"),
        pytest.param(
            {}, {"writer": {"compression": "none of them"}}, Exception, "none of them", id="no codec"
        ),
    ],
)
def test_what_fails_leaves_nothing(
    change: dict[str, Any],
    options: dict[str, Any],
    error: type[Exception],
    words: str,
    service: cs.Policy,
    data: pa.Table,
    tmp_path: Path,
) -> None:
    rows = data
    for name, value in change.items():
        spoilt = data.slice(250_000, 1).set_column(data.schema.get_field_index(name), name, [value])
        rows = pa.concat_tables([data.slice(0, 250_000), spoilt, data.slice(250_001)])
    parquet.write_table(rows, tmp_path / "rows.parquet")
    (tmp_path / "scored.parquet").write_bytes(b"as it was")
    with pytest.raises(error, match=words):
        cs.score_parquet(
            service, tmp_path / "rows.parquet", tmp_path / "scored.parquet", each_row_alone=True, **options
        )
    assert (tmp_path / "scored.parquet").read_bytes() == b"as it was" and leftovers(tmp_path) == []


def test_files_that_are_none(service: cs.Policy, tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 and nothing")
    with pytest.raises(cs.TableError, match=r"rows\.parquet: ") as caught:
        cs.score_parquet(service, tmp_path / "rows.parquet", tmp_path / "scored.parquet", each_row_alone=True)
    assert "\n" not in str(caught.value)
    with pytest.raises(FileNotFoundError):
        cs.score_parquet(
            service, tmp_path / "absent.parquet", tmp_path / "scored.parquet", each_row_alone=True
        )


def every_type(rows: int) -> pa.Table:
    draw = random.Random(1)

    def maybe(value: Any) -> Any:
        return None if draw.random() < 0.1 else value

    return pa.table(
        {
            "real": [maybe(i * 0.5) for i in range(rows)],
            "whole": pa.array([maybe(i % 200 - 100) for i in range(rows)], pa.int8()),
            "text": [maybe(f"text {i % 1000}") for i in range(rows)],
            "word": pa.array([maybe(f"word {i % 5}") for i in range(rows)]).dictionary_encode(),
            "list": [maybe([i, i + 1]) for i in range(rows)],
            "pair": [maybe({"left": i, "right": None}) for i in range(rows)],
            "flag": [maybe(i % 3 == 0) for i in range(rows)],
            "money": pa.array([maybe(Decimal(i) / 100) for i in range(rows)], pa.decimal128(18, 2)),
            "day": [maybe(date(2025, 1, 1 + i % 28)) for i in range(rows)],
            "instant": [maybe(datetime(2025, 1, 1, i % 24, tzinfo=timezone.utc)) for i in range(rows)],
            "nothing": pa.nulls(rows),
        }
    )


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="plain"),
        pytest.param({"write_page_index": True}, id="page index"),
        pytest.param({"data_page_version": "2.0", "write_page_checksum": True}, id="pages 2.0, checksums"),
        pytest.param({"compression": "none", "use_dictionary": True}, id="uncompressed"),
        pytest.param({"write_statistics": True, "store_schema": True}, id="statistics of all"),
    ],
)
def test_row_groups_put_together(options: dict[str, Any], tmp_path: Path) -> None:
    """Read by three libraries, with the statistics of each row group."""
    table = every_type(ROWS)
    path = tmp_path / "whole.parquet"
    with path.open("wb") as file, ParquetOutput(file, table.schema, 3, **options) as out:
        for batch in table.to_batches(max_chunksize=45_000):
            out.write_batch(batch)
    with parquet.ParquetFile(path, page_checksum_verification=True) as file:
        assert file.metadata.num_rows == ROWS and file.num_row_groups == 3
        groups = [file.metadata.row_group(i) for i in range(3)]
        assert sum(group.num_rows for group in groups) == ROWS
        at = 0
        for i, group in enumerate(groups):
            least = file.read_row_group(i, ["real"])["real"].to_pylist()
            assert group.column(0).statistics.min == min(v for v in least if v is not None)
            assert at <= group.column(0).data_page_offset < path.stat().st_size
            at = group.column(0).data_page_offset
        assert file.read().equals(table)
        assert file.schema_arrow.equals(table.schema)
    frame = pl.read_parquet(path, columns=["real", "text", "day"])
    assert frame.equals(pl.from_arrow(table.select(["real", "text", "day"])))
    found = duckdb.sql(f"SELECT count(*), sum(real) FROM '{path}' WHERE real > 140000").fetchall()[0]
    reals = [value for value in table["real"].to_pylist() if value is not None and value > 140_000]
    assert found == (len(reals), sum(reals))


def test_the_footer_is_written_as_it_was_read() -> None:
    """Every field of it, known here or not: the bytes are those of pyarrow."""
    sink = io.BytesIO()
    parquet.write_table(
        every_type(100), sink, write_page_index=True, sorting_columns=[parquet.SortingColumn(0)]
    )
    whole = sink.getvalue()
    size = int.from_bytes(whole[-8:-4], "little")
    footer = whole[-8 - size : -8]
    out = bytearray()
    _write_struct(_Reader(memoryview(footer)).struct(), out)
    assert bytes(out) == footer
