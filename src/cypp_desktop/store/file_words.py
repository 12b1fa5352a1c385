"""Which files of a folder say some words: prints, exports and returns beside a plan. Reads only.

It looks for words as somebody would who opens the file, as far as that goes without the program that made it.
What is on the pages of a PDF nobody can tell so; those that this application made are given as well.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cypp_desktop.plan.sought_words import SoughtWords

#: Kinds of files in which a plan, or a part of it, may stand.
_ENDINGS: Final = frozenset(
    (".pdf", ".html", ".htm", ".docx", ".json", ".md", ".txt", ".csv", ".cypp-return", ".eml")
)
_LARGEST: Final = 64 * 1024 * 1024
_LARGEST_PART: Final = 256 * 1024 * 1024
_MADE_BY_US: Final = b"CYPP Desktop"
_TAG = re.compile(r"<[^>]*>")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def files_that_say(sought: SoughtWords | None, folder: Path) -> list[Path]:
    """The files of a folder that say the words, or may: PDFs of ours. What cannot be read is left out."""
    listed: list[Path] = []
    with contextlib.suppress(OSError):
        listed = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS)
    return [path for path in listed if _may_say(path, sought)]


def _may_say(path: Path, sought: SoughtWords | None) -> bool:
    with contextlib.suppress(OSError, zipfile.BadZipFile, ValueError, RecursionError):
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return False
        data = path.read_bytes()
        if data.startswith(b"%PDF") and _MADE_BY_US in data:
            return True
        return sought is not None and any(map(sought.in_text, _texts_in(path, data)))
    return False


def _texts_in(path: Path, data: bytes) -> Iterator[str]:
    """What a file says, in each of the ways in which it may be meant."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(path) as package:
            for part in package.infolist():
                if part.file_size <= _LARGEST_PART:
                    yield _without_tags(package.read(part).decode("utf-8", "ignore"))
        return
    if data.startswith(b"%PDF"):
        for stream in _STREAM.findall(data):
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(stream, _LARGEST_PART).decode("utf-8", "ignore")
        return
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "ignore")
    yield text
    yield _without_tags(text)
    if path.suffix.lower() == ".json":
        yield json.dumps(json.loads(text), ensure_ascii=False).replace("\\n", " ")


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub("", text))
