"""From a Parquet file to a scored one, and Parquet files whose row groups are encoded side by side."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Any

from libcsat.checked import checked
from libcsat.error import TableError
from libcsat.parquet_footer import MAGIC, Footer
from libcsat.policy import Policy
from libcsat.tables import choose, nearest
from libcsat.writing import complete_file

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["score_parquet"]

_BATCH_ROWS = 1 << 18
# Least rows of a row group but the last.
_GROUP_ROWS = 1 << 17


class ParquetOutput:
    """A Parquet file being written. Row groups are encoded by pyarrow on threads of their own, each as a file
    in memory, and put together in their order. A context: at its end the file is complete, or, when the block
    fails, what waited is dropped.

    Args:
        file: Binary file to write to.
        schema: Of the batches.
        threads: Threads that encode, 1 to 256; None for one on each processor.
        options: Of pyarrow's ParquetWriter. Without them zstd of level 3; dictionaries of words alone, for
            figures rarely repeat; least and greatest values of all columns but dictionaries, whose few words
            have no order of their own.
    """

    def __init__(
        self, file: IO[bytes], schema: pa.Schema, threads: int | None = None, **options: Any
    ) -> None:
        import pyarrow as pa

        known = pa.types
        coded = [f.name for f in schema if known.is_dictionary(f.type)]
        texts = [f.name for f in schema if known.is_string(f.type) or known.is_large_string(f.type)]
        self._options = {
            "compression": "zstd",
            "compression_level": 3 if options.get("compression", "zstd") == "zstd" else None,
            "use_dictionary": coded + texts,
            "write_statistics": [name for name in schema.names if name not in coded],
            "write_batch_size": 1 << 14,
        } | options
        self._schema = schema
        self._file = file
        self._at = 0
        self._footer = Footer()
        self._gathered: list[pa.RecordBatch] = []
        count = threads or len(os.sched_getaffinity(0))
        self._most_waiting = 2 * count
        self._threads = ThreadPoolExecutor(count)
        self._waiting: deque[Future[pa.Buffer]] = deque()

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Takes a batch. An error of an earlier one comes out here, or at the end."""
        self._gathered.append(batch)
        if sum(gathered.num_rows for gathered in self._gathered) >= _GROUP_ROWS:
            self._submit()

    def __enter__(self) -> ParquetOutput:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: Any) -> None:
        try:
            if kind is None:
                if self._gathered or self._at == 0:
                    self._submit()
                while self._waiting:
                    self._append()
                self._file.write(self._footer.to_bytes())
        finally:
            self._threads.shutdown(cancel_futures=True)

    def _submit(self) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._gathered, self._schema)
        self._gathered = []
        while len(self._waiting) >= self._most_waiting:
            self._append()
        self._waiting.append(self._threads.submit(self._encode, table))

    def _encode(self, table: pa.Table) -> pa.Buffer:
        import pyarrow as pa
        from pyarrow import parquet

        sink = pa.BufferOutputStream()
        with parquet.ParquetWriter(sink, self._schema, **self._options) as writer:
            writer.write_table(table, max(table.num_rows, 1))
        return sink.getvalue()

    def _append(self) -> None:
        part = memoryview(self._waiting.popleft().result()).cast("B")
        if self._at == 0:
            self._file.write(MAGIC)
            self._at = len(MAGIC)
        chunks = self._footer.append(part, self._at)
        self._file.write(chunks)
        self._at += len(chunks)


@checked
def score_parquet(
    policy: Policy,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    scorecard: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    writer: dict[str, Any] | None = None,
    **options: Any,
) -> int:
    """Scores the rows of a Parquet file into another one, batch by batch: the next rows are read and scored
    while row groups are encoded on as many threads as score. A few batches at a time are in memory; all rows
    with `subject` and `period`.

        >>> cs.score_parquet(policy, "people.parquet", "scored.parquet", explain=True)

    Args:
        policy: The policy.
        source: The file to read. Of its columns only those that are needed are read.
        target: The file to write; it appears when it is complete, and may be `source`.
        scorecard: Its id; may be left out where the policy has one only.
        columns: Columns of the source to take over; None for all, [] for the results alone.
        writer: Options of pyarrow's ParquetWriter, such as ``{"compression": "snappy"}``. Without them zstd
            of level 3, dictionaries of words alone, and least and greatest values of all columns but those.
        options: As for `Policy.score()`: explain, threads, subject, period, absent, bad_rows, exact, prefix,
            each_row_alone.

    Returns:
        The number of rows.

    Raises:
        TableError: as `Policy.score()`; rows are counted from 0 over the file. Also a file that holds no
            table, or no such column.
        NotFoundError: no such scorecard.
        OSError: a file cannot be read or written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    fields = policy.fields(scorecard)
    keys = [key for key in (options.get("subject"), options.get("period")) if key is not None]
    wanted = [f.name for f in fields] + keys
    # Words that are not taken over may come as dictionaries, which are read and scored in less time.
    words = [f.name for f in fields if f.type == "text" and columns is not None and f.name not in columns]
    try:
        with parquet.ParquetFile(source, read_dictionary=words) as file:
            names = file.schema_arrow.names
            kept = names if columns is None else list(columns)
            for name in kept:
                if name not in names:
                    raise TableError(f"column '{name}' is not in the file{nearest(name, names)}")
            chosen = choose(names, {*wanted, *kept})
            schema = pa.schema([file.schema_arrow.field(name) for name in chosen])
            batches = file.iter_batches(_BATCH_ROWS, columns=chosen)
            reader = pa.RecordBatchReader.from_batches(schema, batches)
            scored = policy.score(reader, scorecard, **options)
            made = scored.schema.names[len(chosen) :]
            selected = pa.schema([scored.schema.field(name) for name in [*kept, *made]])
            return _write(scored, selected, target, options.get("threads"), writer or {})
    except pa.ArrowException as error:
        message = str(error).splitlines()[0].rstrip(".")
        raise TableError(f"{os.fspath(source)}: {message}", path=os.fspath(source)) from None


def _write(
    scored: Any,
    schema: pa.Schema,
    target: str | os.PathLike[str],
    threads: int | None,
    options: dict[str, Any],
) -> int:
    import pyarrow as pa

    rows = 0
    batches = scored.to_batches() if isinstance(scored, pa.Table) else scored
    with (
        complete_file(target) as partial,
        open(partial, "wb") as file,
        ParquetOutput(file, schema, threads, **options) as output,
    ):
        for batch in batches:
            output.write_batch(batch.select(schema.names))
            rows += batch.num_rows
    return rows
