"""One line of a lead cell: its organisations, each with its people, in the ways that writers put them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cypp_desktop.exchange.word.lists import split_list, stands_alone
from cypp_desktop.exchange.word.name_kinds import (
    PEOPLE_SIGN,
    Known,
    Likeness,
    ends_body,
    ends_organisation,
    ends_whole,
    is_like_organisation,
    is_like_post,
    people_in,
    person_likeness,
)
from cypp_desktop.exchange.word.names import GIVEN_NAMES

OrganisationWithPeople = tuple[str | None, list[str]]


def organisations_in(line: str, known: Known) -> list[OrganisationWithPeople]:
    """Organisations of one line, each with its people."""
    parted = (
        people_with_brackets(line, known)
        or _people_in_brackets(line, known)
        or _by_strokes(line, known)
        or _by_commas(line, known)
        or _by_one_sign(line, known)
    )
    if parted:
        return parted
    at = _end_of_organisation(line, known)
    if at is not None:
        people = people_in(line[at:].strip(" –—-:,"), known, loose=True)
        return [(line[:at].rstrip(" –—-:,"), people)]
    post = _post(line, known)
    if post is not None:
        return [post]
    return [(part, []) for part in split_list(line)]


def _by_commas(line: str, known: Known) -> list[OrganisationWithPeople]:
    """ "Oak Council Sarah May, Jo Bell, Police": pieces that each stand by themselves; else empty."""
    pieces = re.split(r"[,;]\s+", line)
    if len(pieces) < 2 or people_in(pieces[0], known):
        return []
    have_people = [_end_of_organisation(piece, known) is not None for piece in pieces]
    if not any(have_people):
        return []
    for piece, has_people in zip(pieces, have_people, strict=True):
        if not (has_people or people_in(piece, known) or stands_alone(piece, True)):
            return []
    parted: list[OrganisationWithPeople] = []
    for piece in pieces:
        parted += _piece(piece, known)
    return parted


def _by_one_sign(line: str, known: Known) -> list[OrganisationWithPeople]:
    """ "Oak Council – Sarah May" or "Sarah May, Oak Council"; empty for what is no such pair."""
    for sign in (r"\s[–—-]\s|\s[–—]|[–—]\s", r":\s*", r",\s+"):
        pieces = re.split(sign, line, maxsplit=1)
        if len(pieces) < 2:
            continue
        for organisation, rest in (pieces, reversed(pieces)):
            loose = bool(known.people) and is_like_organisation(organisation)
            people = people_in(rest, known, loose)
            if people and not people_in(organisation, known):
                return [(organisation, people)]
    return []


def _piece(text: str, known: Known) -> list[OrganisationWithPeople]:
    people = people_in(text, known)
    return [(None, people)] if people else organisations_in(text, known)


def people_with_brackets(line: str, known: Known) -> list[OrganisationWithPeople]:
    """ "Sarah May (NHS England) / Shola Ade (Nottingham City Council)", and what is before."""
    found = re.match(r"^(.*?)\s*\(([^()]+)\)$", line)
    if found is None or is_like_post(found[2]) or not found[2][0].isupper():
        return []
    signs = list(PEOPLE_SIGN.finditer(found[1]))
    at = signs[-1].end() if signs else 0
    name = found[1][at:]
    enough = Likeness.POSSIBLE if is_like_organisation(found[2]) else Likeness.SURE
    if person_likeness(name, known) < enough:
        return []
    before = found[1][: signs[-1].start()].strip() if signs else ""
    earlier = people_with_brackets(before, known) if before else []
    if before and not earlier:
        people = people_in(before, known)
        if people:
            return [(found[2], [*people, name])]
        earlier = organisations_in(before, known)
    return [*earlier, (found[2], [name])]


def _people_in_brackets(line: str, known: Known) -> list[OrganisationWithPeople]:
    """ "Oak Council (Sarah May / Shola Ade), Ash CCG (Jo Bell)"; empty where a bracket holds no people."""
    parted = []
    for piece in re.split(r"(?<=\))\s*(?:[,;/&+]|\band\b)\s*", line):
        found = re.fullmatch(r"([^()]+?)\s*\(([^()]+)\)", piece)
        people = people_in(found[2], known) if found else []
        if found is None or not people or people_in(found[1], known) or is_like_post(found[1]):
            return []
        parted.append((found[1], people))
    return [(organisation, people) for organisation, people in parted]


def _by_strokes(line: str, known: Known) -> list[OrganisationWithPeople]:
    """ "Oak Council Sarah May / Shola Ade, Ash Police, Jo Bell"; empty for what is no such row."""
    parted: list[OrganisationWithPeople] = []
    bits = re.split(r"(\s*/\s*|[,;]\s+(?:and\s+)?|\s+and\s+)", line)
    for piece, sign in zip(bits[::2], [*bits[1::2], ""], strict=True):
        people = people_in(piece, known)
        at = None if people else _end_of_organisation(piece, known)
        if people and parted:
            parted[-1][1].extend(people)
        elif at is not None and ends_organisation(piece[:at]):
            own = people_in(piece[at:].strip(" –—-:,"), known, loose=True)
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
        names = PEOPLE_SIGN.split(line[at:])
        likeness = [person_likeness(name, known) for name in names]
        if not all(likeness) or before[-1] in "/&," or before.split()[-1].islower():
            continue
        if before in known.organisations and len(names[0].split()) <= 3:
            return at
        if best is None and _is_likely_end(line, before, names, likeness[0] == Likeness.SURE, known):
            best = at
    return best


def _is_likely_end(line: str, before: str, names: Sequence[str], is_sure: bool, known: Known) -> bool:
    """Whether an organisation may end after ``before``; ``is_sure``: a person's name comes next."""
    people_are_told_apart = bool(known.people) or len(names) > 1
    if len(names[0].split()) <= 3 and people_are_told_apart and ends_whole(before):
        return True
    if not is_sure:
        return False
    begins_with_given_name = before.split()[0].casefold() in GIVEN_NAMES
    return ends_organisation(before) or (
        person_likeness(line, known) < Likeness.SURE and not begins_with_given_name
    )


def _post(line: str, known: Known) -> OrganisationWithPeople | None:
    """A line that names a post: with its organisation before it or after a comma, or alone.

    What stands after it may as well say what the post is for: "Head of Service, Assessment" is one post.
    """
    if not is_like_post(line):
        return None
    pieces = re.split(r",\s+|\s[–—-]\s|:\s+", line, maxsplit=1)
    if len(pieces) == 2:
        before, after = pieces
        if is_like_post(after) and not is_like_post(before) and ends_organisation(before):
            return before, [after]
        if is_like_post(before) and not is_like_post(after) and ends_body(after, known):
            return after, [before]
        return None, [line]
    strong = re.match(
        r"^(.*?\b(?:Council|CCG|Police|Trust|England|University|College|NHS|Partnership))\s+(?=[A-Z])", line
    )
    is_body = strong and strong[1] not in ("Partnership", "Trust", "College", "University")
    if strong and is_body and is_like_post(line[strong.end() :]):
        return strong.group(1), [line[strong.end() :]]
    return None, [line]
