"""In which encoding a text file is, and its lines.

UTF-8, UTF-16 and GB18030 are told apart by their bytes alone; others have to be named. A file is read as
GB18030 only where its bytes are Chinese beyond doubt, because nearly any bytes can be read as GB18030 and
would come out as wrong words. Bytes that do not belong to the encoding become lone surrogates, which no valid
text holds; the row that has them is refused.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from libcsat.error import TableError
from libcsat.intake.limits import Limits

_BLOCK = 4 << 20
_SAMPLE = 1 << 20
_HIGH = re.compile(rb"[\x80-\xff]")
_NO_TEXT = re.compile("[\ud800-\udfff]")
# One character of GB18030 beyond ASCII: four bytes, or two.
_GB = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]|([\x81-\xfe])([\x40-\x7e\x80-\xfe])")
# Headings of 问卷星 exports: nothing but GB18030 has these bytes.
_KNOWN_GB = ("提交答卷时间".encode("gb18030"), "序号".encode("gb18030"))

# What --encoding takes. The last two are never detected.
NAMES = ("utf-8", "utf-16", "gb18030", "windows-1252", "iso-8859-1")


@dataclass(frozen=True)
class Encoding:
    """How to read the bytes of a file.

    Attributes:
        name: Of Python's codec.
        skip: Bytes of a byte order mark before the text.
        reason: Why this one.
    """

    name: str
    skip: int
    reason: str


def detect(path: str, given: str | None = None) -> Encoding:
    """The encoding of a text file.

    Raises:
        TableError: UTF-32, or an encoding that is not known.
    """
    with open(path, "rb") as file:
        head = file.read(4096)
        marked = _byte_order_mark(path, head)
        if given is not None:
            return _given(path, given, marked, head)
        if marked is not None:
            return marked
        wide = _unmarked_utf16(head)
        if wide is not None:
            return wide
        file.seek(0)
        if (plain := _whole_utf8(file)) is not None:
            return plain
        file.seek(0)
        return _by_lines(file)


def _byte_order_mark(path: str, head: bytes) -> Encoding | None:
    if head.startswith((codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)):
        raise TableError(f"{path}: it is UTF-32: save it as UTF-8", path=path)
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", 3, "it begins with the byte order mark of UTF-8")
    if head.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16-le", 2, "it begins with the byte order mark of UTF-16")
    if head.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16-be", 2, "it begins with the byte order mark of UTF-16")
    return None


def _given(path: str, given: str, marked: Encoding | None, head: bytes) -> Encoding:
    name = given.lower().replace("_", "-")
    if name not in NAMES:
        raise TableError(f"encoding '{given}' is none of {', '.join(NAMES)}")
    if marked is not None:
        if not marked.name.startswith(name):
            raise TableError(f"{path}: {marked.reason}, and --encoding says {name}", path=path)
        return marked
    if name == "utf-16":
        wide = _unmarked_utf16(head)
        name = wide.name if wide else "utf-16-le"
    return Encoding(name, 0, "it was given")


def _unmarked_utf16(head: bytes) -> Encoding | None:
    # ASCII characters have a zero byte, always on the same side.
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if sum(zeros) < max(4, len(head) // 8):
        return None
    for side, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if zeros[side] and not zeros[1 - side]:
            return Encoding(name, 0, "every other byte of its ASCII characters is zero")
    return None


def _whole_utf8(file: io.BufferedReader) -> Encoding | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    ascii = True
    try:
        while block := file.read(_BLOCK):
            ascii = ascii and block.isascii()
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return Encoding("utf-8", 0, "it is ASCII" if ascii else "all of its bytes are UTF-8")


def _by_lines(file: io.BufferedReader) -> Encoding:
    """Counts lines with bytes beyond ASCII: what is UTF-8, what could be GB18030, what is neither."""
    utf8 = gb = neither = 0
    sample = b""
    known = False
    for line in file:
        if not _HIGH.search(line):
            continue
        if _decodes(line, "utf-8"):
            utf8 += 1
        elif _decodes(line, "gb18030"):
            gb += 1
            known = known or any(word in line for word in _KNOWN_GB)
            if len(sample) < _SAMPLE:
                sample += line
        else:
            neither += 1
    if gb > utf8 and (known or (gb >= 3 * neither and _is_chinese(sample))):
        return Encoding(
            "gb18030", 0, f"{gb} of {utf8 + gb + neither} lines beyond ASCII are Chinese in GB18030"
        )
    bad = gb + neither
    return Encoding(
        "utf-8", 0, f"{bad} of {utf8 + bad} lines beyond ASCII are not UTF-8; nothing else is certain"
    )


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(sample: bytes) -> bool:
    pairs = [(m.group(1)[0], m.group(2)[0]) for m in _GB.finditer(sample) if m.group(1)]
    if not pairs:
        return False
    # Western accents fall outside of GB 2312, where nearly all Chinese in use lies.
    common = [lead for lead, trail in pairs if 0xA1 <= lead <= 0xF7 and trail >= 0xA1]
    if 4 * len(common) < 3 * len(pairs):
        return False
    # Japanese in EUC-JP shows as kana.
    if 20 * sum(lead in (0xA4, 0xA5) for lead in common) > len(common):
        return False
    # Korean in EUC-KR stays below 0xC9; of Chinese, a third and more lies above.
    words = [lead for lead in common if 0xB0 <= lead <= 0xF7]
    return len(words) >= 4 and 8 * sum(lead >= 0xCA for lead in words) >= len(words)


class Lines:
    """The lines of a text file with their ends, as csv.reader wants them: \\n, \\r\\n and \\r end a line.

    Attributes:
        read: Bytes read so far.
        suspect: Whether the lines given lately may hold a NUL or bytes that are no text.
        recent: Lines given since the caller last emptied it.
        given: How many lines were given.
        ended: Whether one was asked for after the last.
    """

    def __init__(self, path: str, encoding: Encoding, limits: Limits) -> None:
        self._path = path
        self._encoding = encoding
        self._limits = limits
        self.given = 0
        self.ended = False
        self.size = os.stat(path).st_size
        self.read = 0
        self.suspect = False
        self.recent: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        keep = self.recent.append
        for text in self._texts():
            # Rows may begin in one block and end in the next: a suspicion outlives its block by one.
            suspect = "\0" in text or _NO_TEXT.search(text) is not None
            self.suspect = self.suspect or suspect
            for line in io.StringIO(text, newline=""):
                self.given += 1
                keep(line)
                yield line
            self.suspect = suspect
        self.ended = True

    def _texts(self) -> Iterator[str]:
        """The text in parts that end with a line."""
        wide = self._encoding.name.startswith("utf-16")
        most = self._limits.row_chars * (2 if wide else 4)
        with open(self._path, "rb") as file:
            file.seek(self._encoding.skip)
            rest = b""
            while block := file.read(_BLOCK):
                self.read = file.tell()
                rest += block
                end = self._wide_end(rest) if wide else _end(rest)
                if end:
                    yield self._decode(rest[:end])
                    rest = rest[end:]
                elif len(rest) > most:
                    characters = self._limits.row_chars
                    raise TableError(
                        f"{self._path}:{self.given + 1}: the line has more than {characters} characters",
                        path=self._path,
                        line=self.given + 1,
                    )
            if rest:
                yield self._decode(rest)

    def _wide_end(self, data: bytes) -> int:
        end = len(data)
        little = self._encoding.name.endswith("le")
        for mark in (b"\n\0", b"\r\0") if little else (b"\0\n", b"\0\r"):
            at = data.rfind(mark, 0, end)
            while at >= 0 and at % 2:
                at = data.rfind(mark, 0, at)
            if at >= 0 and (mark.strip(b"\0") == b"\n" or at + 4 <= len(data)):
                return at + 2
        return 0

    def _decode(self, data: bytes) -> str:
        name = self._encoding.name
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            if not name.startswith("utf-16"):
                return data.decode(name, "surrogateescape")
        tail = "\udcff" if len(data) % 2 else ""
        return data[: len(data) & ~1].decode(name, "surrogatepass") + tail


def _end(data: bytes) -> int:
    """Where the last line that is known to be whole ends."""
    at = data.rfind(b"\n")
    if at >= 0:
        return at + 1
    # Old Macintosh files: \r alone. One at the very end may be half of \r\n.
    return data.rfind(b"\r", 0, len(data) - 1) + 1


def place_of_bad_text(text: str) -> tuple[str, str] | None:
    """The rule that a text breaks and the part that does; None for a good text."""
    if "\0" in text:
        return "nul-character", text
    if _NO_TEXT.search(text):
        return "undecodable-bytes", text
    return None
