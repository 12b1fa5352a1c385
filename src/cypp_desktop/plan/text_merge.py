"""Merges what several people made of one text, paragraph by paragraph, against what they all began with.

A text is split into blocks: paragraphs, entries of lists with all that stands in them, tables. All versions
are laid against the base at once, never folded pair by pair, so that no order of files matters. A block that
two people changed differently is a conflict for a person to decide: words within a block are never merged,
because that makes sentences which nobody wrote. Pure; it knows no rows and no changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from cypp_desktop.plan.alignment import align, common_ends, likely_pairs
from cypp_desktop.plan.placeholders import is_placeholder

Version = TypeVar("Version", str, list[str])

#: Beyond this many characters in all versions together a text is not merged; who differs is a conflict.
MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class BlockConflict:
    """One block that people disagree about: as it was, and what each of those who touched it made of it.

    ``said`` maps the number of a side to its version: None where the block was deleted, the block as it was
    where it was only moved, or kept on purpose.
    """

    base: str
    said: dict[int, str | None]


@dataclass(frozen=True, slots=True)
class TextMerge:
    """``text`` is None where there are conflicts; ``combined`` says that no one side says all of it."""

    text: str | None
    combined: bool
    conflicts: tuple[BlockConflict, ...] = ()


@dataclass(frozen=True, slots=True)
class ListMerge:
    """As :class:`TextMerge`, for a list of texts."""

    items: list[str] | None
    combined: bool
    conflicts: tuple[BlockConflict, ...] = ()


def merge_texts(base: str, sides: Sequence[str], settled: Sequence[Sequence[str]] = ()) -> TextMerge:
    """What ``sides`` (at least one), all made from ``base``, say together.

    ``settled`` gives for each side the versions that it was decided over: the blocks in which these differ
    from the base are ones it has an opinion about, even where its opinion is the base.

    Paragraphs stand apart only against a base that has words: sides that each write something else where
    there was nothing are in conflict.
    """
    if not has_words(base) and len(set(_written(base, sides, settled))) > 1:
        return TextMerge(None, False)
    every = (base, *sides, *(text for texts in settled for text in texts))
    if sum(map(len, every)) > MOST_CHARACTERS:
        return TextMerge(sides[0], False) if len(set(sides)) == 1 else TextMerge(None, False)
    merge = _merge([_keys(text) for text in (base, *sides)], [[*map(_keys, texts)] for texts in settled])
    if merge.keys is None:
        return TextMerge(None, False, _shown(merge, lambda key: join([key])))
    raw = _as_said(merge, (base, *sides))
    return TextMerge(join(merge.keys) if raw is None else raw, merge.combined)


def merge_lists(
    base: Sequence[str],
    sides: Sequence[Sequence[str]],
    settled: Sequence[Sequence[Sequence[str]]] = (),
    *,
    of_texts: bool = False,
) -> ListMerge:
    """As :func:`merge_texts`, with the entries of lists as blocks.

    Names can be put together where there were none; a list ``of_texts`` begins with words like a text.
    """
    if of_texts and not any(map(has_words, base)):
        texts = ["\n".join(items) for items in (base, *sides)]
        over = [["\n".join(items) for items in versions] for versions in settled]
        if len(set(_written(texts[0], texts[1:], over))) > 1:
            return ListMerge(None, False)
    written: dict[str, str] = {}
    for items in (base, *sorted(map(list, sides))):
        for item in items:
            written.setdefault(canonical(item), item)
    if sum(map(len, written)) > MOST_CHARACTERS:
        return ListMerge(None, False)
    merge = _merge(
        [_canonical_items(items) for items in (base, *sides)],
        [[*map(_canonical_items, versions)] for versions in settled],
    )
    if merge.keys is None:
        return ListMerge(None, False, _shown(merge, lambda key: written[key]))
    raw = _as_said(merge, [list(items) for items in (base, *sides)])
    return ListMerge([written[key] for key in merge.keys] if raw is None else raw, merge.combined)


def _canonical_items(items: Sequence[str]) -> list[str]:
    return [canonical(item) for item in items]


def canonical(text: str) -> str:
    """The text without what nobody sees: one kind of line end, no trailing blanks, Unicode NFC."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if " \n" in text or "\t\n" in text:
        text = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    return text.strip("\n").rstrip()


def has_words(text: str) -> bool:
    """Whether a text says anything: blanks and signs do not, nor do words that hold a place, as "TBC"."""
    return any(map(str.isalnum, text)) and not is_placeholder(text)


def _written(base: str, sides: Sequence[str], settled: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """What sides have written, as blocks: not those that left what was there, unless by a decision."""
    decided = [bool(versions) for versions in settled] or [False] * len(sides)
    left = tuple(_keys(base))
    found: list[tuple[str, ...]] = []
    for side, is_decided in zip(sides, decided, strict=True):
        written = tuple(_keys(side))
        if is_decided or written != left:
            found.append(written)
    return found


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts differ at most in what nobody sees, the writing of lists and blank lines included."""
    return one == other or _keys(one or "") == _keys(other or "")


# ---------------------------------------------------------------------------------- blocks

_MARKER = r"(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)"
_BREAK = re.compile(rf"\n(?:[ \t]*\n)+(?=\S)|\n(?={_MARKER})")
_ITEM = re.compile(_MARKER)


def split(text: str) -> list[str]:
    """The blocks of a text, each with the white space after it: joined again they are the text.

    A block ends at a blank line that no indented line follows, and before a list marker at the margin.
    """
    blocks: list[str] = []
    start = 0
    for gap in _BREAK.finditer(text):
        marker = text[gap.end() : gap.end() + 10]
        plain = gap.group() == "\n" and marker[:1].isdigit() and not _ITEM.match(text, start)
        if plain and marker[:2] not in ("1.", "1)"):
            continue  # within a paragraph a line may begin with a number: only 1 opens a list there
        blocks.append(text[start : gap.end()])
        start = gap.end()
    if start < len(text):
        blocks.append(text[start:])
    return blocks


_BULLETS = ("-", "*", "+")
_NUMBER_SIGNS = (".", ")")


def _keys(text: str) -> list[str]:
    """The blocks of a text as they are compared: how a list is written does not count, what it says does.

    The first character tells the kind: ``p`` words or a table, ``-`` an entry with a bullet, ``=`` one that
    opens another list just after a list, ``#`` a numbered entry, ``@`` one with a number out of turn.
    """
    text = canonical(text)
    return _keys_of_plain_list(text) or _keys_of_blocks(text)


def _keys_of_plain_list(text: str) -> list[str]:
    """The keys of a text that is one list of lines, as most are; none for others."""
    first, *entries = f"\n{text}".split("\n- ")
    if first or len(entries) != text.count("\n") + 1 or any(entry[:1].isspace() for entry in entries):
        return []
    return [f"-{entry}" for entry in entries]


def _keys_of_blocks(text: str) -> list[str]:
    found: list[str] = []
    before = ""  # the sign of the entry just before: "-", ")"
    number = 0
    for raw in split(text):
        block = raw.rstrip()
        marker = _ITEM.match(block)
        if marker is None:
            before = ""
            if block:
                found.append(f"p{block}")
            continue
        digits, sign = marker.group().rstrip()[:-1], marker.group().rstrip()[-1]
        words = _without_indent(block, marker.end())
        opens_list = sign != before
        if sign in _BULLETS:
            opens_another = opens_list and before in _BULLETS
            found.append(f"={words}" if opens_another else f"-{words}")
        else:
            said = int(digits)
            opens_another = opens_list and before in _NUMBER_SIGNS
            is_next = said == (1 if opens_list else number + 1)
            found.append(f"#{words}" if is_next and not opens_another else f"@{said}\0{words}")
            number = said
        before = sign
    return found


def _without_indent(block: str, width: int) -> str:
    if "\n" not in block:
        return block[width:]
    first, *rest = block[width:].split("\n")
    cut = [line[min(width, len(line) - len(line.lstrip(" "))) :] for line in rest]
    return "\n".join((first, *cut))


@dataclass(slots=True)
class _ListMarkers:
    """Writes the markers of lists, entry by entry. ``kind`` is that of the block just before."""

    kind: str = ""
    sign: str = ""
    number: int = 0

    def goes_on(self, kind: str) -> bool:
        """Whether a block of a kind stands in the list of the one before."""
        if kind == "-":
            return self.kind in ("-", "=")
        return kind == "#" and self.kind in ("#", "@")

    def bullet(self, kind: str) -> str:
        if not self.goes_on(kind):
            opens_another = kind == "=" and self.kind in ("-", "=")
            self.sign = "*" if opens_another and self.sign == "-" else "-"
        return f"{self.sign} "

    def numbered(self, kind: str, number: int) -> str:
        if self.goes_on(kind):
            self.number += 1
        else:
            opens_another = kind == "@" and self.kind in ("#", "@")
            self.sign = ")" if opens_another and self.sign == "." else "."
            self.number = number
        return f"{self.number}{self.sign} "


def join(keys: Iterable[str]) -> str:
    """The canonical text of blocks as :func:`_keys` gives them."""
    out: list[str] = []
    markers = _ListMarkers()
    for key in keys:
        kind, words = key[0], key[1:]
        if out:
            out.append("\n" if markers.goes_on(kind) else "\n\n")
        head = ""
        if kind in ("-", "="):
            head = markers.bullet(kind)
        elif kind == "#":
            head = markers.numbered(kind, 1)
        elif kind == "@":
            said, words = words.split("\0", 1)
            head = markers.numbered(kind, int(said))
        out.append(head + words.replace("\n", "\n" + " " * len(head)))
        markers.kind = kind
    text = "".join(out)
    return _BLANK_LINE.sub("", text) if "\n " in text else text


_BLANK_LINE = re.compile(r"(?<=\n)[ ]+(?=\n)")


# ---------------------------------------------------------------------------------- what a side did


class _EditKind(Enum):
    """What a side did with a block of the base."""

    CHANGED = "changed"
    DROPPED = "dropped"
    MOVED = "moved"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class _Edit:
    """What a side did with one block: made it ``key``, moved it to ``gap``, dropped or kept it."""

    kind: _EditKind
    key: str | None = None
    gap: int = -1


@dataclass(slots=True)
class _Script:
    """A side as edits of the base: by block of the base, and what it put in before block n."""

    edits: dict[int, _Edit]
    added: dict[int, list[str]]


def _script(base: Sequence[str], side: Sequence[str]) -> _Script:
    head, tail = common_ends(base, side)
    inner = _inner_script(base[head : len(base) - tail], side[head : len(side) - tail])
    if not head:
        return inner
    edits = {i + head: replace(edit, gap=edit.gap + head) for i, edit in inner.edits.items()}
    return _Script(edits, {gap + head: run for gap, run in inner.added.items()})


def _inner_script(base: Sequence[str], side: Sequence[str]) -> _Script:
    """As :func:`_script`, of what is left where both begin and end otherwise."""
    if not base:
        return _Script({}, {0: list(side)} if side else {})
    anchors = align(base, side)
    moved = _moves(base, side, anchors)
    became = _changed(base, side, anchors, moved)
    stays = {*(i for i, _ in anchors), *moved, *became}
    edits = {i: _Edit(_EditKind.DROPPED) for i in range(len(base)) if i not in stays}
    edits |= {i: _Edit(_EditKind.CHANGED, side[j]) for i, j in became.items()}
    origin = {j: i for i, j in moved.items()}
    stands_for = {j: i for i, j in (*anchors, *became.items())}
    added: dict[int, list[str]] = {}
    gap = 0
    for j, key in enumerate(side):
        if j in stands_for:
            gap = stands_for[j] + 1
            continue
        added.setdefault(gap, []).append(key)
        if j in origin:
            edits[origin[j]] = _Edit(_EditKind.MOVED, gap=gap)
    return _Script(edits, added)


def _changed(
    base: Sequence[str], side: Sequence[str], anchors: Sequence[tuple[int, int]], moved: Mapping[int, int]
) -> dict[int, int]:
    """Blocks that probably became another one between two that stayed: place in the base to place now."""
    moved_here = set(moved.values())
    became: dict[int, int] = {}
    last_i = last_j = -1
    for next_i, next_j in (*anchors, (len(base), len(side))):
        old = [i for i in range(last_i + 1, next_i) if i not in moved]
        new = [j for j in range(last_j + 1, next_j) if j not in moved_here]
        for at, to in likely_pairs([base[i] for i in old], [side[j] for j in new]):
            became[old[at]] = new[to]
        last_i, last_j = next_i, next_j
    return became


def _moves(base: Sequence[str], side: Sequence[str], anchors: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Blocks that are gone from one place and stand unchanged in another: place in the base to place now."""
    stayed, stands = {i for i, _ in anchors}, {j for _, j in anchors}
    places: dict[str, list[int]] = {}
    for j in range(len(side) - 1, -1, -1):
        if j not in stands:
            places.setdefault(side[j], []).append(j)
    return {i: places[key].pop() for i, key in enumerate(base) if i not in stayed and places.get(key)}


# ---------------------------------------------------------------------------------- all sides together


@dataclass(slots=True)
class _BlockMerge:
    """``versions`` are the base and the sides as keys; ``keys`` what they say together, or None."""

    versions: list[list[str]]
    keys: list[str] | None
    combined: bool
    contested: dict[int, dict[int, _Edit]]


def _merge(versions: list[list[str]], settled: Sequence[Sequence[list[str]]]) -> _BlockMerge:
    base, sides = versions[0], versions[1:]
    by_block: dict[int, dict[int, _Edit]] = {}
    runs: dict[int, set[tuple[str, ...]]] = {}
    known: dict[tuple[str, ...], _Script] = {}
    for number, side in enumerate(sides):
        script = known.get(tuple(side))
        if script is None:
            script = known[tuple(side)] = _script(base, side)
        for i, edit in script.edits.items():
            by_block.setdefault(i, {})[number] = edit
        for gap, run in script.added.items():
            runs.setdefault(gap, set()).add(tuple(run))
    for number, over in enumerate(settled):
        for version in over:
            for i in _script(base, version).edits:
                by_block.setdefault(i, {}).setdefault(number, _Edit(_EditKind.KEPT))
    contested = {i: edits for i, edits in sorted(by_block.items()) if len(set(edits.values())) > 1}
    if contested:
        return _BlockMerge(versions, None, False, contested)
    agreed = {i: next(iter(edits.values())) for i, edits in by_block.items()}
    keys = _all_edited(base, agreed, runs)
    return _BlockMerge(versions, keys, keys not in sides and keys != base, {})


def _all_edited(
    base: Sequence[str], edits: Mapping[int, _Edit], runs: Mapping[int, set[tuple[str, ...]]]
) -> list[str]:
    """The base with what was done to its blocks, and with what was put in before each."""
    keys: list[str] = []
    for i, block in enumerate(base):
        if i in runs:
            keys += _all_of(sorted(runs[i]))
        edit = edits.get(i)
        if edit is None or edit.kind is _EditKind.KEPT:
            keys.append(block)
        elif edit.key is not None:
            keys.append(edit.key)
    if len(base) in runs:
        keys += _all_of(sorted(runs[len(base)]))
    return keys


def _all_of(runs: Sequence[tuple[str, ...]]) -> list[str]:
    """What several people put in at one place: all of it, each one's in their own order, nothing twice.

    ``runs`` come sorted, so that the outcome depends on what they say alone.
    """
    told = list(runs[0])
    for run in runs[1:]:
        out: list[str] = []
        last = (-1, -1)
        for here in (*align(told, run), (len(told), len(run))):
            out += told[last[0] + 1 : here[0]]
            out += run[last[1] + 1 : here[1]]
            if here[0] < len(told):
                out.append(told[here[0]])
            last = here
        told = out
    return told


def _as_said(merge: _BlockMerge, versions: Sequence[Version]) -> Version | None:
    """The outcome as a side wrote it, where one says just that (or else the base): the least of them."""
    same = [raw for raw, keys in zip(versions[1:], merge.versions[1:], strict=True) if keys == merge.keys]
    if same:
        return min(same)
    return versions[0] if merge.versions[0] == merge.keys else None


def _shown(merge: _BlockMerge, words: Callable[[str], str]) -> tuple[BlockConflict, ...]:
    """The blocks that people disagree about, in words."""
    base = merge.versions[0]
    found: list[BlockConflict] = []
    for i, edits in merge.contested.items():
        said: dict[int, str | None] = {}
        for number, edit in sorted(edits.items()):
            if edit.kind is _EditKind.DROPPED:
                said[number] = None
            else:
                said[number] = words(base[i] if edit.key is None else edit.key)
        found.append(BlockConflict(words(base[i]), said))
    return tuple(found)
