"""Writing tables: files that appear under their name when they are complete, and batches that are written
while the next ones are made."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

# Batches that may wait to be written.
_MOST_WAITING = 2


@contextmanager
def complete_file(path: str | os.PathLike[str]) -> Iterator[str]:
    """Gives the name of a file to write beside `path`. It takes its place when the block ends, and is left
    out altogether when the block fails. Of a file that was there it keeps the mode; a link stays a link.
    What is there and no regular file, such as a pipe or a device, is itself the file to write.

    Raises:
        OSError: the file cannot be made; the error names `path`.
    """
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        mode = stat.S_IFREG | 0o666 & ~umask
    if not stat.S_ISREG(mode):
        with _naming(path):
            yield str(target)
        return
    with _naming(path):
        handle, partial = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    try:
        with _naming(path, partial):
            yield partial
            os.chmod(partial, stat.S_IMODE(mode))
            os.replace(partial, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(partial)
        raise


@contextmanager
def _naming(path: str | os.PathLike[str], partial: str | None = None) -> Iterator[None]:
    """Errors about the file `partial`, or of mkstemp(), as errors about `path`."""
    try:
        yield
    except OSError as error:
        if partial is None or error.filename in (partial, None):
            raise OSError(error.errno or 0, error.strerror or str(error), os.fspath(path)) from None
        raise


class Behind:
    """Calls a function for one thing after another in a thread of its own. A context: at its end all is done,
    or, when the block fails, what waited is dropped.

    An error of the function comes out of a later `put()`, or at the end.
    """

    def __init__(self, work: Callable[[Any], None]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[Future[None]] = []

    def put(self, thing: Any) -> None:
        """Hands over a thing; waits while too many wait."""
        while len(self._waiting) >= _MOST_WAITING:
            self._waiting.pop(0).result()
        self._waiting.append(self._thread.submit(self._work, thing))

    def __enter__(self) -> Behind:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for waiting in self._waiting:
                    waiting.result()
        finally:
            self._thread.shutdown(cancel_futures=True)
