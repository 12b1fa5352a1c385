"""Which files on the disk hold a text, in whatever form a program writes texts."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def files_with(words: str, *folders: Path) -> list[str]:
    """The names of the files in these folders, and all below, in whose bytes the words stand."""
    forms = {
        *(words.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1252")),
        json.dumps(words)[1:-1].encode(),
        json.dumps(words.replace(" ", "\n"))[1:-1].encode(),
    }
    found: list[str] = []
    for folder in folders:
        found += (str(path) for path in sorted(folder.rglob("*")) if path.is_file() and _holds(path, forms))
    return found


def _holds(path: Path, forms: set[bytes]) -> bool:
    return any(form in content for content in _unpacked(path.read_bytes()) for form in forms)


def _unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                yield from _unpacked(package.read(name))
    if data.startswith(b"%PDF"):
        for stream in _STREAM.findall(data):
            try:
                yield zlib.decompressobj().decompress(stream)
            except zlib.error:
                continue
