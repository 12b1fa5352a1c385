"""A text as lines, each knowing the list items around it; no Qt here.

An editor works on lines: a paragraph or a table, one below the other. Blocks nest. A line therefore
carries its *path*: the list items that enclose it, outermost first. Lines that follow each other and
share an item are in that item. So any edit of lines (one deleted, two joined) leaves a text that
still makes sense, and :func:`unflatten` of :func:`flatten` gives the same blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from typing import Final

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Spans, Table, normal

#: So far in do items go, as in word processors; texts that come deeper are shown and kept.
MOST_LEVELS: Final = 9


@dataclass(frozen=True, slots=True)
class Level:
    """One list item around a line, and the list that it is in."""

    list_id: int
    item_id: int
    start: int | None = None  # the first number of the list; None: bullets

    @property
    def numbered(self) -> bool:
        return self.start is not None


Path = tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph's spans or a table, and where it stands."""

    content: Spans | Table
    path: Path = ()

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it (a table always counts as something)."""
        return not isinstance(self.content, Table) and not any(s.text.strip() for s in self.content)


@dataclass(frozen=True, slots=True)
class ListMark:
    """A bullet (``number`` is None) or number beside a line, at a depth counted from 0."""

    depth: int
    number: int | None


_ids = count(1)


def fresh() -> int:
    """An id for a list or an item that nothing else has."""
    return next(_ids)


# ------------------------------------------------------------------------------ blocks and lines


def flatten(blocks: Iterable[Block], path: Path = ()) -> list[TextLine]:
    """The lines of ``blocks``, inside the items of ``path``."""
    lines: list[TextLine] = []
    for block in blocks:
        if isinstance(block, List):
            list_id = fresh()
            for item in block.items:
                lines += flatten(item.blocks, (*path, Level(list_id, fresh(), block.start)))
        else:
            lines.append(TextLine(block.spans if isinstance(block, Paragraph) else block, path))
    return lines


def unflatten(lines: Iterable[TextLine]) -> tuple[Block, ...]:
    """The blocks of ``lines``, in normal form; blank lines count for nothing."""
    return normal(_nest([line for line in lines if not line.blank], 0, {}))


def _nest(lines: Sequence[TextLine], depth: int, numbers: dict[int, int]) -> list[Block]:
    """Blocks of lines whose first ``depth`` items are one.

    ``numbers`` holds the next number of each list seen: one that is broken by a paragraph goes on.
    """

    def list_at(line: TextLine) -> int | None:
        return line.path[depth].list_id if len(line.path) > depth else None

    blocks: list[Block] = []
    for list_id, grouped in groupby(lines, key=list_at):
        members = list(grouped)
        if list_id is None:
            blocks += [m.content if isinstance(m.content, Table) else Paragraph(m.content) for m in members]
            continue
        items = [list(item) for _, item in groupby(members, key=lambda line: line.path[depth].item_id)]
        start = members[0].path[depth].start
        if start is not None:
            start = numbers.get(list_id, start)
            numbers[list_id] = start + len(items)
        blocks.append(List(tuple(Item(tuple(_nest(item, depth + 1, numbers))) for item in items), start))
    return blocks


def marks(paths: Iterable[Path]) -> list[tuple[ListMark, ...]]:
    """For each line the bullets and numbers that stand beside it: those of the items it begins."""
    numbers: dict[int, int] = {}
    found: list[tuple[ListMark, ...]] = []
    before: Path = ()
    for path in paths:
        opened: list[ListMark] = []
        for depth in range(shared(before, path), len(path)):
            level = path[depth]
            number: int | None = None
            if level.start is not None:
                number = numbers.get(level.list_id, level.start)
                numbers[level.list_id] = number + 1
            opened.append(ListMark(depth, number))
        found.append(tuple(opened))
        before = path
    return found


def shared(one: Path, other: Path) -> int:
    """How many items, from the outermost, two lines have in common."""
    depth = 0
    for a, b in zip(one, other, strict=False):
        if a.item_id != b.item_id or a.list_id != b.list_id:
            break
        depth += 1
    return depth


# ------------------------------------------------------------------------------ moving lines


def begins_item(paths: Sequence[Path], at: int) -> bool:
    """Whether line ``at`` is the first of its innermost item."""
    return bool(paths[at]) and shared(paths[at - 1] if at else (), paths[at]) < len(paths[at])


def item_of(paths: Sequence[Path], at: int) -> tuple[int, int]:
    """The lines ``[begin, end)`` of the innermost item that line ``at`` is in."""
    begin, end, depth = at, at + 1, len(paths[at])
    while begin and shared(paths[begin - 1], paths[at]) == depth:
        begin -= 1
    while end < len(paths) and shared(paths[end], paths[at]) == depth:
        end += 1
    return begin, end


def indent(paths: Sequence[Path], first: int, last: int) -> list[Path]:
    """The items of lines ``first`` to ``last`` each under the item before it.

    The first item of a list has none before it and stays; so does one that would come too deep.
    """
    out = list(paths)
    at = first
    while at <= last:
        path = out[at]
        if not path:
            at += 1
            continue
        begin, end = item_of(out, at)
        at = end
        depth = len(path) - 1
        before = out[begin - 1] if begin else ()
        if not _can_go_under(before, path) or max(map(len, out[begin:end])) >= MOST_LEVELS:
            continue
        inner = Level(fresh(), path[depth].item_id, 1 if path[depth].numbered else None)
        if len(before) > depth + 1 and before[depth + 1].numbered == inner.numbered:
            inner = replace(before[depth + 1], item_id=inner.item_id)
        for line in range(begin, end):
            out[line] = (*path[:depth], before[depth], inner, *out[line][depth + 1 :])
    return out


def _can_go_under(before: Path, path: Path) -> bool:
    """Whether the line before an item is in the item before it, of the same list."""
    depth = len(path) - 1
    if shared(before, path) < depth or len(before) <= depth:
        return False
    return before[depth].list_id == path[depth].list_id


def outdent(paths: Sequence[Path], first: int, last: int) -> list[Path]:
    """The items of lines ``first`` to ``last`` one level further out; outermost, out of the list.

    What followed an item inside its old parent belongs to it afterwards, as it does on the page.
    """
    out = list(paths)
    at = first
    while at <= last:
        path = out[at]
        if not path:
            at += 1
            continue
        begin, end = item_of(out, at)
        at = end
        depth = len(path) - 1
        if depth == 0:
            for line in range(begin, end):
                out[line] = out[line][1:]
            continue
        parent = path[depth - 1]
        level = replace(parent, item_id=path[depth].item_id)
        for line in range(begin, end):
            out[line] = (*path[: depth - 1], level, *out[line][depth + 1 :])
        following = end
        while following < len(out) and shared(out[following], path) >= depth:
            out[following] = (*path[: depth - 1], level, *out[following][depth:])
            following += 1
        join(out, end)
    return out


def toggle(paths: Sequence[Path], first: int, last: int, start: int | None) -> list[Path]:
    """Lines ``first`` to ``last`` as a list of the kind of ``start``; if they are one, as paragraphs."""
    is_numbered = start is not None
    chosen = range(first, last + 1)
    if all(paths[at] and paths[at][-1].numbered == is_numbered for at in chosen):
        return _as_paragraphs(paths, first, last)
    changed = {paths[at][-1].list_id for at in chosen if paths[at]}
    out = [_with_start(path, changed, start) for path in paths]
    list_id = fresh()
    for at in chosen:
        if not out[at]:
            out[at] = (Level(list_id, fresh(), start),)
    if start in (None, 1) or _next_number(out, first) == start:
        join(out, first)
    join(out, last + 1)
    return out


def _as_paragraphs(paths: Sequence[Path], first: int, last: int) -> list[Path]:
    """Lines ``first`` to ``last`` out of all lists."""
    out = list(paths)
    while any(out[first : last + 1]):
        out = outdent(out, first, last)
    return out


def _with_start(path: Path, lists: set[int], start: int | None) -> Path:
    """A path on which some lists begin with another number, or are bullets."""
    return tuple(replace(level, start=start) if level.list_id in lists else level for level in path)


def split(paths: Sequence[Path], at: int) -> list[Path]:
    """Line ``at`` as the beginning of a new item, what follows in its old item going with it."""
    out = list(paths)
    path = out[at]
    new = beside(path)
    _, end = item_of(out, at)
    for line in range(at, end):
        out[line] = new + out[line][len(path) :]
    return out


def leave(paths: Sequence[Path], at: int) -> list[Path]:
    """Line ``at`` out of its item, as Enter on an empty line does."""
    if begins_item(paths, at):
        return outdent(paths, at, at)
    out = list(paths)
    out[at] = out[at][:-1]
    return out


def join(out: list[Path], at: int) -> None:
    """Make the list that begins at line ``at`` part of the one before it, if of one kind (in place)."""
    if not 0 < at < len(out):
        return
    before, path = out[at - 1], out[at]
    depth = shared(before, path)
    if min(len(before), len(path)) <= depth or before[depth].numbered != path[depth].numbered:
        return
    old, to = path[depth].list_id, before[depth]
    while at < len(out) and len(out[at]) > depth and out[at][depth].list_id == old:
        level = replace(out[at][depth], list_id=to.list_id, start=to.start)
        out[at] = (*out[at][:depth], level, *out[at][depth + 1 :])
        at += 1


def _next_number(paths: Sequence[Path], at: int) -> int | None:
    """The number that a numbered list ending before line ``at`` would go on with."""
    if not at or not paths[at - 1]:
        return None
    list_id = paths[at - 1][0].list_id
    shown = marks(paths[:at])
    for path, beside in zip(reversed(paths[:at]), reversed(shown), strict=True):
        for mark in beside:
            if mark.depth == 0 and path[0].list_id == list_id and mark.number is not None:
                return mark.number + 1
    return None


# ------------------------------------------------------------------------------ lines on the way


def beside(path: Path) -> Path:
    """The path of a new item after the one of ``path``; outside lists, the same."""
    return (*path[:-1], replace(path[-1], item_id=fresh())) if path else ()


def within(lines: Sequence[TextLine], path: Path) -> list[TextLine]:
    """``lines`` put in at a line of ``path``: in a list, they become items of it."""
    if not path:
        return list(lines)
    level = path[-1]
    placed: list[TextLine] = []
    for line in lines:
        own = line.path or (Level(0, fresh()),)
        placed.append(TextLine(line.content, (*path[:-1], replace(level, item_id=own[0].item_id), *own[1:])))
    return placed


def without_outer(lines: Sequence[TextLine], outer: int) -> list[TextLine]:
    """``lines`` without the ``outer`` outermost items of the first line, whose own words are not here.

    What comes after those items stays where it is and joins the list it now stands beside.
    """
    paths = [line.path for line in lines]
    for level in paths[0][:outer]:
        end = 0
        while end < len(paths) and paths[end] and paths[end][0].item_id == level.item_id:
            paths[end] = paths[end][1:]
            end += 1
        join(paths, end)
    return [TextLine(line.content, path) for line, path in zip(lines, paths, strict=True)]


def adopt(before: Sequence[Path], after: Sequence[Path]) -> list[Path]:
    """``after`` an edit of ``before``, with lines whose item lost its own words given to another.

    They go to the item above in the same list; where there is none they stand one level further out.
    """
    begun: dict[int, int] = {}
    for path in before:
        for level in path:
            begun.setdefault(level.item_id, len(path))
    out = list(after)
    for at in range(len(out)):
        above = out[at - 1] if at else ()
        depth = shared(above, out[at])
        while depth < len(out[at]) - 1:
            had_own_words = begun.get(out[at][depth].item_id) == depth + 1
            if had_own_words:
                _give_away(out, at, depth)
                depth = shared(above, out[at])
            else:
                depth += 1
    return out


def _give_away(out: list[Path], at: int, depth: int) -> None:
    """Give the lines of an item that lost its own words, from line ``at`` on, to another (in place)."""
    above = out[at - 1] if at else ()
    lost = out[at][: depth + 1]
    taker = above[depth : depth + 1]
    if taker and (taker[0].list_id != lost[depth].list_id or shared(above, out[at]) != depth):
        taker = ()
    end = at
    while end < len(out) and shared(out[end], lost) > depth:
        out[end] = (*lost[:depth], *taker, *out[end][depth + 1 :])
        end += 1
    join(out, at)
