"""Lead cells: organisations, the people of each, posts without a name, and what is only a remark.

A cell may hold "Nottingham City/ CCG Helen Dean / Alice Rowe", one organisation a line, a list
in running text, a numbered group, a sentence or "TBC". Nothing in it is dropped: what is neither an
organisation nor a person becomes the lead's note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from cypp_desktop.exchange.word.lists import acronym, split_list, stands_alone
from cypp_desktop.exchange.word.names import (
    GIVEN_NAMES,
    HEAD_NOUNS,
    ORGANISATION_WORDS,
    POST_WORDS,
    TITLES,
    words,
)

Lead = dict[str, Any]

_PEOPLE_SIGN = re.compile(r"\s*(?:/|&|;|,|\n|\band\b|\+)\s*")
_NAME = re.compile(r"(?:[^\W\d_]\.?|(?:Mc|Mac|O['’]|D['’])?[^\W\d_][^\W\d_]+(?:[-'’][^\W\d_]+)*\.?)")
_PARTICLES = words("de da di van von der den al bin el la le ap ab st st. ter")
_TO_COME = re.compile(
    r"^\W*(?:tbc|tba|tbd|to be (?:confirmed|agreed|determined|decided)|vacant|n/?a)\b.{0,40}$", re.I
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|can|will|has|have|had|may|should|provides?|supports?|leads?|delivers?)\b"
)


_LONGEST_LINE = 1_000  # letters; a longer line is a text about leads, not their names
_OFFICERS = re.compile(r"\b(?:officers?|persons?|people|managers?|contacts?|named|names?)\b", re.I)
# Words that say what a line of the cell is: "Lead: Oak Council", "Support: Police", "Strategic lead: Jo."
_ROLE = re.compile(
    r"^(?:(?P<kind>joint |overall |strategic |operational )?"
    r"lead(?: officer| agency| organisation| partner)?s?"
    r"|(?P<partner>(?:other |key )?(?:partners?|support(?:ing|ed by)?(?: partners?)?|(?:working )?with)))"
    r"\s*:\s*(?=\S)",
    re.I,
)


@dataclass(slots=True)
class Known:
    """What the other lead cells of the document show: names of organisations and of people."""

    organisations: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


def survey(cells: Iterable[tuple[Sequence[str], str]]) -> Known:
    """Organisations and people that the lead cells of a document name beyond doubt.

    Each cell is its lines and its column's heading: under "Lead officer" what can be a person is one.
    """
    known = Known()
    for lines, heading in cells:
        enough = 1 if _OFFICERS.search(heading) else 2
        for line in lines:
            line = _clean(line[:_LONGEST_LINE])
            for piece in _PEOPLE_SIGN.split(line):
                if _person(piece) >= enough:
                    known.people.add(piece)
            if not _people(line) and _organisation_like(line) and _VERB.search(line) is None:
                known.organisations.add(line)
    return known


def looks_like_lead(cell: str) -> bool:
    """Whether a cell's words name organisations or people."""
    if len(cell) > 160:
        return False
    lead = read_leads([cell], Known())
    return any(
        one["people"] or (one["organisation"] and _organisation_like(one["organisation"])) for one in lead
    )


def read_leads(lines: Sequence[str], known: Known, role: str | None = None) -> list[Lead]:
    """The leads in the lines of one cell, in order."""
    reading = _Reading(known)
    lines = [line for line in map(_clean, lines) if line]
    for at, line in enumerate(lines):
        said = _ROLE.match(line)
        if said is None:
            reading.line(line, lines, at)
            continue
        before = len(reading.leads)
        reading.line(line[said.end() :], lines, at)
        if said["partner"]:
            for lead in reading.leads[before:]:
                lead["role"] = "partner"
        elif said["kind"]:
            reading.remark(said[0].rstrip(" :"))
    reading.close()
    return [_with_role(lead, role) for lead in reading.leads]


def _with_role(lead: Lead, usual: str | None) -> Lead:
    """A lead, its keys in order, with the role in brackets after its organisation, or the usual one."""
    marked = re.match(r"^(.+?)\s*\((lead|partner|commissioner)\)$", lead["organisation"] or "", re.I)
    if marked:
        lead["organisation"], lead["role"] = marked.group(1), marked.group(2).lower()
    if usual is not None:
        lead.setdefault("role", usual)
    return {name: lead[name] for name in ("organisation", "people", "role", "note") if name in lead}


def _clean(line: str) -> str:
    line = re.sub(r"^\s*[•●▪■◦○·➢*–—-][\s\u00a0]+", "", line)
    return " ".join(line.split()).strip(" ;,")


# A number of a list, with or without a blank after it; "0.5 FTE" and the code "2.a" are none.
_GROUP = re.compile(r"^(\d{1,2})(?:\)|\.(?!\d|[A-Za-z]\b))\s*(\S.*)$")


class _Reading:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.leads: list[Lead] = []
        self.pending: list[str] = []  # people before any organisation
        self.group: str | None = None  # a numbered heading that holds for what follows
        self.group_waits = False  # and nothing has followed yet

    def add(self, organisation: str | None, people: list[str], note: str | None = None) -> None:
        if note is None:
            note, self.group_waits = self.group, False
        self.leads.append({"organisation": organisation, "people": people, "note": note})

    def close(self) -> None:
        """The end of the cell: people and headings that nothing followed."""
        if self.pending:
            self.add(None, self.pending)
            self.pending = []
        self._open_group(None)

    def remark(self, words: str) -> None:
        """A note: of the lead before it, or of its own."""
        if self.pending:
            self.add(None, self.pending)
            self.pending = []
        if self.leads:
            before = self.leads[-1]["note"]
            self.leads[-1]["note"] = f"{before} {words}" if before else words
        else:
            self.add(None, [], words)

    def line(self, line: str, lines: Sequence[str], at: int) -> None:
        if len(line) > _LONGEST_LINE:
            self.remark(line)
            return
        starred = re.search(r"(?:^|\s)(\*+\s?\S.*)$", line)
        if starred:
            if starred.start(1) > 0:
                self.line(line[: starred.start(1)].strip(), lines, at)
            self.remark(starred.group(1))
            return
        group = _GROUP.match(line)
        if group:
            self._numbered(group.group(1), group.group(2), lines)
            return
        noted = re.match(r"^(.+?)\s+(\d{1,2}[.)]\s*([A-Z][\w &/-]{1,30}))$", line)
        if noted and _organisation_like(noted.group(1)) and not _people(noted.group(3), self.known):
            self.line(noted.group(1), lines, at)
            number, _, words = noted.group(2).replace(")", ".", 1).partition(".")
            self._numbered(number, words.strip(), [*lines, ""])
        elif _TO_COME.match(line):
            self.add(line, [])
        elif _sentence(line):
            self.remark(line) if self.leads and at == len(lines) - 1 else self.add(None, [], line)
        else:
            self._named(line)

    def _numbered(self, number: str, words: str, lines: Sequence[str]) -> None:
        number += ". "
        parted = re.match(r"^([^–—:-]{1,40}?)\s*(?:\s[–—-]|:)\s+(.+)$", words)
        marked = sum(_GROUP.match(line) is not None for line in lines)
        if parted and (marked < len(lines) or len(split_list(parted.group(2))) > 1):
            self._open_group(number + parted.group(1))
            self._named(parted.group(2))
        elif marked == len(lines) or _people(words, self.known):
            self._named(words)
        elif self.leads and self.leads[-1]["note"] is None:
            self.leads[-1]["note"] = number + words
        else:
            self._open_group(number + words)

    def _open_group(self, heading: str | None) -> None:
        if self.group_waits and self.group is not None:
            self.group_waits = False
            self.add(None, [], self.group)
        self.group, self.group_waits = heading, heading is not None

    def _named(self, line: str) -> None:
        """A line that names organisations, people or a post."""
        whole = re.fullmatch(r"\(([^()]+)\)", line)
        if whole and (_people(whole[1], self.known) or _ends_organisation(whole[1])):
            line = whole[1]
        if self._with_post(line):
            return
        people = self._only_people(line)
        if people:
            self._add_people(people)
            return
        for organisation, names in _parted(line, self.known):
            if organisation is None:
                self._add_people(names)
            else:
                self._add_organisation(organisation, names)

    def _only_people(self, line: str) -> list[str]:
        """The people of a line that names nothing else.

        Below an organisation, two words that could be a name are one, if the document knows other people.
        """
        if _people_with_brackets(line, self.known):
            return []
        after_organisation = bool(self.leads) and self.leads[-1]["organisation"] is not None
        loose = after_organisation and bool(self.known.people) and line not in self.known.organisations
        loose = loose and all(len(name.split()) == 2 for name in _PEOPLE_SIGN.split(line))
        return _people(line, self.known, loose)

    def _add_organisation(self, organisation: str, names: list[str]) -> None:
        """An organisation with its people, or with those that stood before it."""
        if self.pending and not names:
            names, self.pending = self.pending, []
        last = self.leads[-1] if self.leads else None
        is_same = last is not None and (last["organisation"], last["note"]) == (organisation, self.group)
        if last is not None and is_same and names and last["people"]:
            last["people"] += names
        else:
            self.add(organisation, names)

    def _with_post(self, line: str) -> bool:
        """ "Helen May, Head of Early Help, Oak Council": a person, with the post as the note."""
        name, *rest = re.split(r",\s+|\s[–—-]\s", line, maxsplit=2)
        if not rest or _person(name, self.known) < 2 or not _post_like(rest[0]) or len(rest[0].split()) < 2:
            return False
        if len(rest) == 2 and not _ends_organisation(rest[1]):
            return False
        last = self.leads[-1] if self.leads else None
        if len(rest) == 1 and last and last["organisation"] and not last["people"] and not last["note"]:
            last["people"], last["note"] = [name], rest[0]
        else:
            self.add(rest[1] if len(rest) == 2 else None, [name], rest[0])
        return True

    def _add_people(self, people: list[str]) -> None:
        last = self.leads[-1] if self.leads else None
        if last is None or last["organisation"] is None or _TO_COME.match(last["organisation"]):
            self.pending += people
        else:
            last["people"] += people


# ---------------------------------------------------------------------------------- one line


def _parted(line: str, known: Known) -> list[tuple[str | None, list[str]]]:
    """Organisations of one line, each with its people."""
    parted = (
        _people_with_brackets(line, known)
        or _people_in_brackets(line, known)
        or _by_strokes(line, known)
        or _by_commas(line, known)
        or _by_one_sign(line, known)
    )
    if parted:
        return parted
    at = _end_of_organisation(line, known)
    if at is not None:
        people = _people(line[at:].strip(" –—-:,"), known, loose=True)
        return [(line[:at].rstrip(" –—-:,"), people)]
    post = _post(line)
    if post is not None:
        return [post]
    return [(part, []) for part in split_list(line)]


def _by_commas(line: str, known: Known) -> list[tuple[str | None, list[str]]]:
    """ "Oak Council Sarah May, Jo Bell, Police": pieces that each stand by themselves; else empty."""
    pieces = re.split(r"[,;]\s+", line)
    if len(pieces) < 2 or _people(pieces[0], known):
        return []
    have_people = [_end_of_organisation(piece, known) is not None for piece in pieces]
    if not any(have_people):
        return []
    for piece, has_people in zip(pieces, have_people, strict=True):
        if not (has_people or _people(piece, known) or stands_alone(piece, True)):
            return []
    parted: list[tuple[str | None, list[str]]] = []
    for piece in pieces:
        parted += _piece(piece, known)
    return parted


def _by_one_sign(line: str, known: Known) -> list[tuple[str | None, list[str]]]:
    """ "Oak Council – Sarah May" or "Sarah May, Oak Council"; empty for what is no such pair."""
    for sign in (r"\s[–—-]\s|\s[–—]|[–—]\s", r":\s*", r",\s+"):
        pieces = re.split(sign, line, maxsplit=1)
        if len(pieces) < 2:
            continue
        for organisation, rest in (pieces, reversed(pieces)):
            loose = bool(known.people) and _organisation_like(organisation)
            people = _people(rest, known, loose)
            if people and not _people(organisation, known):
                return [(organisation, people)]
    return []


def _piece(text: str, known: Known) -> list[tuple[str | None, list[str]]]:
    people = _people(text, known)
    return [(None, people)] if people else _parted(text, known)


def _people_with_brackets(line: str, known: Known) -> list[tuple[str | None, list[str]]]:
    """ "Sarah May (NHS England) / Shola Ade (Nottingham City Council)", and what is before."""
    found = re.match(r"^(.*?)\s*\(([^()]+)\)$", line)
    if found is None or _post_like(found[2]) or not found[2][0].isupper():
        return []
    signs = list(_PEOPLE_SIGN.finditer(found[1]))
    at = signs[-1].end() if signs else 0
    name = found[1][at:]
    if _person(name, known) < (1 if _organisation_like(found[2]) else 2):
        return []
    before = found[1][: signs[-1].start()].strip() if signs else ""
    earlier = _people_with_brackets(before, known) if before else []
    if before and not earlier:
        people = _people(before, known)
        if people:
            return [(found[2], [*people, name])]
        earlier = _parted(before, known)
    return [*earlier, (found[2], [name])]


def _people_in_brackets(line: str, known: Known) -> list[tuple[str | None, list[str]]]:
    """ "Oak Council (Sarah May / Shola Ade), Ash CCG (Jo Bell)"; empty where a bracket holds no people."""
    parted = []
    for piece in re.split(r"(?<=\))\s*(?:[,;/&+]|\band\b)\s*", line):
        found = re.fullmatch(r"([^()]+?)\s*\(([^()]+)\)", piece)
        people = _people(found[2], known) if found else []
        if found is None or not people or _people(found[1], known) or _post_like(found[1]):
            return []
        parted.append((found[1], people))
    return [(organisation, people) for organisation, people in parted]


def _by_strokes(line: str, known: Known) -> list[tuple[str | None, list[str]]]:
    """ "Oak Council Sarah May / Shola Ade, Ash Police, Jo Bell"; empty for what is no such row."""
    parted: list[tuple[str | None, list[str]]] = []
    bits = re.split(r"(\s*/\s*|[,;]\s+(?:and\s+)?|\s+and\s+)", line)
    for piece, sign in zip(bits[::2], [*bits[1::2], ""], strict=True):
        people = _people(piece, known)
        at = None if people else _end_of_organisation(piece, known)
        if people and parted:
            parted[-1][1].extend(people)
        elif at is not None and _ends_organisation(piece[:at]):
            own = _people(piece[at:].strip(" –—-:,"), known, loose=True)
            parted.append((piece[:at].rstrip(" –—-:,"), own))
        elif sign[:1] in (",", ";") and stands_alone(piece, True):
            parted.append((piece, []))
        else:
            return []
    return parted if len(parted) > 1 and all(people for _, people in parted) else []


def _end_of_organisation(line: str, known: Known) -> int | None:
    """Where the organisation ends and its people begin; None where there are no people."""
    best: int | None = None
    for start in re.finditer(r"(?<=\s)\S", line):
        at = start.start()
        before = line[:at].strip()
        names = _PEOPLE_SIGN.split(line[at:])
        strength = [_person(name, known) for name in names]
        if not all(strength) or before[-1] in "/&," or before.split()[-1].islower():
            continue
        if before in known.organisations and len(names[0].split()) <= 3:
            return at
        if best is None and _is_likely_end(line, before, names, strength[0] == 2, known):
            best = at
    return best


def _is_likely_end(line: str, before: str, names: Sequence[str], is_sure: bool, known: Known) -> bool:
    """Whether an organisation may end after ``before``; ``is_sure``: a person's name comes next."""
    people_are_told_apart = bool(known.people) or len(names) > 1
    if len(names[0].split()) <= 3 and people_are_told_apart and _ends_whole(before):
        return True
    if not is_sure:
        return False
    begins_with_given_name = before.split()[0].casefold() in GIVEN_NAMES
    return _ends_organisation(before) or (_person(line, known) < 2 and not begins_with_given_name)


def _ends_organisation(text: str) -> bool:
    """Whether words may end here as the name of an organisation."""
    last = _last_word(text)
    return last.casefold() in ORGANISATION_WORDS or acronym(last) or text.endswith(")")


def _ends_whole(text: str) -> bool:
    """Whether words surely end here as the name of an organisation."""
    last = _last_word(text)
    return last.casefold() in HEAD_NOUNS or acronym(last)


def _last_word(text: str) -> str:
    """The last word without the signs around it; empty where there is none."""
    parts = text.split()
    return parts[-1].strip("().,:–—-/") if parts else ""


def _post(line: str) -> tuple[str | None, list[str]] | None:
    """A line that names a post: with its organisation before it or after a comma, or alone."""
    if not _post_like(line):
        return None
    pieces = re.split(r",\s+|\s[–—-]\s|:\s+", line, maxsplit=1)
    if len(pieces) == 2:
        for organisation, post in (pieces, reversed(pieces)):
            if _post_like(post) and not _post_like(organisation) and _ends_organisation(organisation):
                return organisation, [post]
        return None, [line]
    strong = re.match(
        r"^(.*?\b(?:Council|CCG|Police|Trust|England|University|College|NHS|Partnership))\s+(?=[A-Z])", line
    )
    if strong and _post_like(line[strong.end() :]):
        return strong.group(1), [line[strong.end() :]]
    return None, [line]


def _post_like(text: str) -> bool:
    words = re.findall(r"[\w’'-]+", re.sub(r"\((?:lead|partner)\)", "", text.casefold()))
    if any(word in POST_WORDS and after in ("of", "for") for word, after in pairwise(words)):
        return True
    return any(word in POST_WORDS for word in words) and words[-1] not in HEAD_NOUNS


def _sentence(line: str) -> bool:
    words = line.split()
    return (
        len(words) >= 7
        and _VERB.search(line) is not None
        and sum(w[0].islower() for w in words) > 0.4 * len(words)
    )


# ---------------------------------------------------------------------------------- people


def _people(text: str, known: Known | None = None, loose: bool = False) -> list[str]:
    """The people that ``text`` names and nothing else; empty where it names anything else.

    At least one must be known as a person by given name or from another cell, unless ``loose``.
    """
    if not text:
        return []
    names = [name.strip() for name in _PEOPLE_SIGN.split(text)]
    strength = [_person(name, known) for name in names]
    if not all(strength) or (not loose and max(strength) < 2):
        return []
    return names


def _person(text: str, known: Known | None = None) -> int:
    """0: not a person's name; 1: could be one; 2: is one."""
    text = text.strip()
    if known is not None and text in known.people:
        return 2
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    words = bare.split()
    while words and words[0].strip(".").casefold() in TITLES:
        words = words[1:]
    titled = len(words) < len(bare.split())
    fewest = 1 if titled else 2
    if not fewest <= len(words) <= 4:
        return 0
    surely_named = titled or words[0].casefold() in GIVEN_NAMES
    if not all(_could_be_in_a_name(word, surely_named) for word in words):
        return 0
    first = re.split(r"[-'’]", words[0].casefold())[0]
    return 2 if titled or first in GIVEN_NAMES else 1


def _could_be_in_a_name(word: str, surely_named: bool) -> bool:
    """Whether a word could be part of a person's name.

    ``surely_named``: a title or given name begins it, so that "Young" or "Dean" is a surname here.
    """
    plain = word.casefold().strip(".")
    if plain in _PARTICLES:
        return True
    if not _NAME.fullmatch(word) or not word[0].isupper():
        return False
    if not surely_named and (plain in ORGANISATION_WORDS or plain in POST_WORDS):
        return False
    return plain not in HEAD_NOUNS and not (acronym(word) and len(word) > 1)


@cache
def _organisation_like(text: str) -> bool:
    words = [word.strip("().,:;/–—-*") for word in text.split()]
    return any(
        word.casefold() in ORGANISATION_WORDS - {"and", "of", "the", "for"} or acronym(word) for word in words
    )
