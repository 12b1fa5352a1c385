"""Lead cells: organisations, the people of each, posts without a name, and what is only a remark.

A cell may hold "Nottingham City/ CCG Helen Dean / Alice Rowe", one organisation a line, a list
in running text, a numbered group, a sentence or "TBC". Nothing in it is dropped: what is neither an
organisation nor a person becomes the lead's note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from cypp_desktop.exchange.word.contacts import Contacts, contacts_in
from cypp_desktop.exchange.word.lead_lines import organisations_in, people_with_brackets
from cypp_desktop.exchange.word.lists import split_list
from cypp_desktop.exchange.word.name_kinds import (
    PEOPLE_SIGN,
    Known,
    Likeness,
    ends_organisation,
    is_like_organisation,
    is_like_post,
    people_in,
    person_likeness,
)

Lead = dict[str, Any]

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


def survey(cells: Iterable[tuple[Sequence[str], str]]) -> Known:
    """Organisations and people that the lead cells of a document name beyond doubt.

    Each cell is its lines and its column's heading: under "Lead officer" what can be a person is one.
    """
    known = Known()
    for lines, heading in cells:
        enough = Likeness.POSSIBLE if _OFFICERS.search(heading) else Likeness.SURE
        for line in lines:
            line = _clean(line[:_LONGEST_LINE])
            for piece in PEOPLE_SIGN.split(line):
                if person_likeness(piece) >= enough:
                    known.people.add(piece)
            if not people_in(line) and is_like_organisation(line) and _VERB.search(line) is None:
                known.organisations.add(line)
    return known


def looks_like_lead(cell: str) -> bool:
    """Whether a cell's words name organisations or people."""
    if len(cell) > 160:
        return False
    lead = read_leads([cell], Known())
    return any(
        one["people"] or (one["organisation"] and is_like_organisation(one["organisation"])) for one in lead
    )


def read_leads(lines: Sequence[str], known: Known, role: str | None = None) -> list[Lead]:
    """The leads in the lines of one cell, in order.

    A lead that has e-mail addresses beside it holds them under ``emails``, by the name that each belongs to.
    """
    lines = [line for line in map(_clean, lines) if line]
    reading = _Reading(known, lines)
    for at, line in enumerate(lines):
        contacts = contacts_in(line)
        line = contacts.rest
        said = _ROLE.match(line)
        if said is None:
            if line:
                reading.line(line, is_last=at == len(lines) - 1)
            reading.contacts(contacts)
            continue
        before = len(reading.leads)
        reading.line(line[said.end() :], is_last=at == len(lines) - 1)
        reading.contacts(contacts)
        if said["partner"]:
            for lead in reading.leads[before:]:
                lead["role"] = "partner"
        elif said["kind"]:
            reading.remark(said[0].rstrip(" :"))
    reading.close()
    return [_with_role(lead, role) for lead in reading.leads]


_KEYS = ("organisation", "people", "role", "note", "emails")


def _with_role(lead: Lead, usual: str | None) -> Lead:
    """A lead, its keys in order, with the role in brackets after its organisation, or the usual one."""
    marked = re.match(r"^(.+?)\s*\((lead|partner|commissioner)\)$", lead["organisation"] or "", re.I)
    if marked:
        lead["organisation"], lead["role"] = marked.group(1), marked.group(2).lower()
    if usual is not None:
        lead.setdefault("role", usual)
    return {name: lead[name] for name in _KEYS if name in lead}


def _clean(line: str) -> str:
    line = re.sub(r"^\s*[•●▪■◦○·➢*–—-][\s\u00a0]+", "", line)
    return " ".join(line.split()).strip(" ;,")


# A number of a list, with or without a blank after it; "0.5 FTE" and the code "2.a" are none.
_GROUP = re.compile(r"^(\d{1,2})(?:\)|\.(?!\d|[A-Za-z]\b))\s*(\S.*)$")


class _Reading:
    def __init__(self, known: Known, lines: Sequence[str]) -> None:
        self.known = known
        numbered = sum(_GROUP.match(line) is not None for line in lines)
        self.all_numbered = numbered == len(lines)
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

    def contacts(self, found: Contacts) -> None:
        """Contact details after a name: they are the last named person's, or the organisation's."""
        if not found.emails and not found.phones:
            return
        name = self._reached()
        if self.pending:
            self.add(None, self.pending)
            self.pending = []
        lead = self.leads[-1] if self.leads else None
        if lead is None or name is None or len(found.emails) > 1:
            self.remark("; ".join((*found.emails, *found.phones)))
            return
        for email in found.emails:
            lead.setdefault("emails", {})[name] = email
        if found.phones:
            self.remark("; ".join(found.phones))

    def _reached(self) -> str | None:
        """Who was named last. Two words that could be a name are a person's, who can be written to."""
        if self.pending:
            return self.pending[-1]
        lead = self.leads[-1] if self.leads else None
        if lead is None:
            return None
        name: str | None = lead["organisation"]
        if lead["people"]:
            return str(lead["people"][-1])
        if name and name not in self.known.organisations and person_likeness(name) > Likeness.NONE:
            lead["organisation"], lead["people"] = None, [name]
        return name

    def line(self, line: str, *, is_last: bool) -> None:
        if len(line) > _LONGEST_LINE:
            self.remark(line)
            return
        starred = re.search(r"(?:^|\s)(\*+\s?\S.*)$", line)
        if starred:
            if starred.start(1) > 0:
                self.line(line[: starred.start(1)].strip(), is_last=is_last)
            self.remark(starred.group(1))
            return
        group = _GROUP.match(line)
        if group:
            self._numbered(group.group(1), group.group(2), self.all_numbered)
            return
        noted = re.match(r"^(.+?)\s+(\d{1,2}[.)]\s*([A-Z][\w &/-]{1,30}))$", line)
        if noted and is_like_organisation(noted.group(1)) and not people_in(noted.group(3), self.known):
            self.line(noted.group(1), is_last=is_last)
            number, _, words = noted.group(2).replace(")", ".", 1).partition(".")
            self._numbered(number, words.strip(), False)
        elif _TO_COME.match(line):
            self.add(line, [])
        elif _sentence(line):
            self.remark(line) if self.leads and is_last else self.add(None, [], line)
        else:
            self._named(line)

    def _numbered(self, number: str, words: str, all_numbered: bool) -> None:
        number += ". "
        parted = re.match(r"^([^–—:-]{1,40}?)\s*(?:\s[–—-]|:)\s+(.+)$", words)
        if parted and (not all_numbered or len(split_list(parted.group(2))) > 1):
            self._open_group(number + parted.group(1))
            self._named(parted.group(2))
        elif all_numbered or people_in(words, self.known):
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
        if whole and (people_in(whole[1], self.known) or ends_organisation(whole[1])):
            line = whole[1]
        if self._with_post(line):
            return
        people = self._only_people(line)
        if people:
            self._add_people(people)
            return
        for organisation, names in organisations_in(line, self.known):
            if organisation is None:
                self._add_people(names)
            else:
                self._add_organisation(organisation, names)

    def _only_people(self, line: str) -> list[str]:
        """The people of a line that names nothing else.

        Below an organisation, two words that could be a name are one, if the document knows other people.
        """
        if people_with_brackets(line, self.known):
            return []
        after_organisation = bool(self.leads) and self.leads[-1]["organisation"] is not None
        loose = after_organisation and bool(self.known.people) and line not in self.known.organisations
        loose = loose and all(len(name.split()) == 2 for name in PEOPLE_SIGN.split(line))
        return people_in(line, self.known, loose)

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
        if not rest or person_likeness(name, self.known) < Likeness.SURE:
            return False
        post, *organisations = rest
        if not is_like_post(post) or len(post.split()) < 2:
            return False
        if organisations:
            if not ends_organisation(organisations[0]):
                return False
            self.add(organisations[0], [name], post)
        elif self._waits_for_person():
            self.leads[-1]["people"], self.leads[-1]["note"] = [name], post
        else:
            self.add(None, [name], post)
        return True

    def _waits_for_person(self) -> bool:
        """Whether the last lead is an organisation without people or note."""
        last = self.leads[-1] if self.leads else None
        return last is not None and bool(last["organisation"]) and not last["people"] and not last["note"]

    def _add_people(self, people: list[str]) -> None:
        last = self.leads[-1] if self.leads else None
        if last is None or last["organisation"] is None or _TO_COME.match(last["organisation"]):
            self.pending += people
        else:
            last["people"] += people


def _sentence(line: str) -> bool:
    words = line.split()
    return (
        len(words) >= 7
        and _VERB.search(line) is not None
        and sum(w[0].islower() for w in words) > 0.4 * len(words)
    )
