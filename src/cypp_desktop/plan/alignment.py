"""Lays two sequences side by side: what stayed in its order, and what probably became what.

The work is bounded whatever the sequences hold: ``difflib`` takes quadratic time for 100,000 equal
entries, or else gives up on entries that are common. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

#: Stretches of at most so many pairs of entries are compared exactly.
_EXACT = 4096
_ALIKE = 400

Pairs = list[tuple[int, int]]


def common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many entries are equal at the beginning, and of the others how many at the end."""
    head = 0
    most = min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def align(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Places (in old, in new) of equal entries, rising in both: as many as can be had at bounded cost."""
    head, tail = common_ends(old, new)
    found = [(at, at) for at in range(head)]
    found += _between(old, new, head, len(old) - tail, head, len(new) - tail)
    found += [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]
    return found


def _between(old: Sequence[str], new: Sequence[str], a: int, b: int, c: int, d: int) -> Pairs:
    """Pairs within ``old[a:b]`` and ``new[c:d]``: first what occurs once, then what lies between."""
    if a == b or c == d:
        return []
    if (b - a) * (d - c) <= _EXACT:
        return [(a + i, c + j) for i, j in _longest_common(old[a:b], new[c:d])]
    found: Pairs = []
    i, j = a, c
    for at, to in (*_unique_pairs(old, new, a, b, c, d), (b, d)):
        if (at - i) * (to - j) <= _EXACT:
            found += [(i + x, j + y) for x, y in _longest_common(old[i:at], new[j:to])]
        else:
            found += _by_occurrence(old, new, i, at, j, to)
        if at < b:
            found.append((at, to))
        i, j = at + 1, to + 1
    return found


def _unique_pairs(old: Sequence[str], new: Sequence[str], a: int, b: int, c: int, d: int) -> Pairs:
    """Entries that occur once in ``old[a:b]`` and once in ``new[c:d]``, as many as stayed in order."""
    once_old, once_new = Counter(old[a:b]), Counter(new[c:d])
    places = {new[j]: j for j in range(c, d) if once_new[new[j]] == 1}
    return _rising([(i, places[old[i]]) for i in range(a, b) if once_old[old[i]] == 1 and old[i] in places])


def _by_occurrence(old: Sequence[str], new: Sequence[str], a: int, b: int, c: int, d: int) -> Pairs:
    """The first of a kind with the first, the second with the second, and so on."""
    places: dict[str, list[int]] = {}
    for j in range(d - 1, c - 1, -1):
        places.setdefault(new[j], []).append(j)
    return _rising([(i, places[old[i]].pop()) for i in range(a, b) if places.get(old[i])])


def _rising(pairs: Pairs) -> Pairs:
    """The longest part of ``pairs`` (rising in the first) that rises in the second too."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        before.append(tops[place - 1] if place else -1)
        ends[place : place + 1] = [j]
        tops[place : place + 1] = [at]
    found: Pairs = []
    at = tops[-1] if tops else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _longest_common(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """A longest common subsequence, by the table; the earliest in ``old`` where there are several."""
    if not old or not new or set(old).isdisjoint(new):
        return []
    longest = _longest_from(old, new)
    found: Pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _longest_from(old: Sequence[str], new: Sequence[str]) -> list[list[int]]:
    """How much ``old[i:]`` and ``new[j:]`` have in common, for every i and j."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
    return table


def likely_pairs(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Which of ``new`` each of ``old`` probably became, in order: all of the shorter side are paired.

    Both are what differs at one place. By the words they share, or by position where they are as many, or
    very many.
    """
    if not old or not new:
        return []
    if len(old) == len(new) or len(old) * len(new) > _ALIKE:
        return list(zip(range(len(old)), range(len(new)), strict=False))
    if len(old) > len(new):
        return [(i, j) for j, i in likely_pairs(new, old)]
    words_old, words_new = ([Counter(text.split()) for text in texts] for texts in (old, new))
    spare = len(new) - len(old)
    # best[shift]: the most alike that entries so far can be, the last of them moved on by ``shift`` at most
    best = [0.0] * (spare + 1)
    chosen: list[list[int]] = []
    for i, words in enumerate(words_old):
        alike = [best[shift] + _alike(words, words_new[i + shift]) for shift in range(spare + 1)]
        picks = _first_best(alike)
        best = [alike[pick] for pick in picks]
        chosen.append(picks)
    pairs: Pairs = []
    shift = spare
    for i in range(len(old) - 1, -1, -1):
        shift = chosen[i][shift]
        pairs.append((i, i + shift))
    return pairs[::-1]


def _first_best(values: Sequence[float]) -> list[int]:
    """For each place the first of the highest values up to there."""
    picks: list[int] = []
    for at, value in enumerate(values):
        picks.append(picks[-1] if picks and values[picks[-1]] >= value else at)
    return picks


def _alike(one: Counter[str], other: Counter[str]) -> float:
    most = max(one.total() + other.total(), 1)
    return 2 * (one & other).total() / most
