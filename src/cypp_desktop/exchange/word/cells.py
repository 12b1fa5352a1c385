"""What is in one cell of a plan's table: measures, actions, dates, names. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.draft import PlanRow, letters
from cypp_desktop.exchange.word.front import groups
from cypp_desktop.exchange.word.leads import Lead
from cypp_desktop.exchange.word.texts import EntryKind, TextEntry, entries
from cypp_desktop.plan.blocks import Span


def named(tree: list[TextEntry]) -> tuple[list[TextEntry], str | None]:
    """A name's words without the mark of a list before them, and the code that Word counted there.

    A number that was typed is left with the words: whether it is a code shows in them.
    """
    if not tree or not tree[0].is_in_list:
        return tree, None
    first = tree[0]
    if first.kind == EntryKind.BULLET and len(tree) > 1:
        return tree, None
    typed = first.kind == EntryKind.NUMBER and first.typed
    spans = [Span(first.label), *first.spans] if typed else first.spans
    text = TextEntry(EntryKind.TEXT, spans, remarks=first.remarks)
    code = None
    if first.kind == EntryKind.NUMBER and not typed:
        code = codes.outcome_code(first.label + " x")[0] or codes.list_code(first.label)
    return [text, *first.inner, *tree[1:]], code


def is_again(row: PlanRow, code: str | None, text: str, continued: bool) -> bool:
    """Whether a printed name is that of ``row`` again, perhaps shortened and "(continued)"."""
    if row["code"] == code and same(row["title"], text):
        return True
    if not continued:
        return False
    begins = row["code"] == code and re.sub(r"\W", "", row["title"]).startswith(re.sub(r"\W", "", text))
    return begins or (code is None and row["code"] is not None and codes.bare_code(text) == row["code"])


def measure_parts(tree: list[TextEntry], listed: bool) -> list[list[TextEntry]]:
    """The measures in one cell: one for each list entry or coded line, where there are several."""
    if listed:
        return groups(tree)
    if sum(entry.is_in_list for entry in tree) > 1:
        is_introduced = tree[0].kind == EntryKind.TEXT and tree[0].words.endswith(":")
        return [tree] if is_introduced else groups(tree)
    if sum(map(_has_code, tree)) < 2:
        return [tree]
    parts: list[list[TextEntry]] = []
    for entry in tree:
        if _has_code(entry) or not parts:
            parts.append([entry])
        else:
            parts[-1].append(entry)
    return parts


def _has_code(entry: TextEntry) -> bool:
    """Whether a line begins with the code of a measure."""
    return entry.kind == EntryKind.TEXT and codes.measure_code(entry.words)[0] is not None


_ACTION_NUMBER = re.compile(
    r"^(?:action\s+)?\(?((?:\d{1,2}\.){1,3}\d{1,2}|\d{1,2}\.?[a-z]|[A-Z]{1,3}\d{1,3}|[a-z]|[ivx]{2,4})(?:[.):]+\s*|\s+(?=[A-Z]))(?=\S)"
)


def action_number(text: str) -> tuple[str | None, str]:
    """A number such as "1.2", "a)" or "KA3" before an action's words."""
    found = _ACTION_NUMBER.match(text)
    if found is None or codes.begins_with_figure(text) or codes.is_cut(text, found.end(1)):
        return None, text
    if found.group(1).isalpha() and text[found.end(1)] not in ".):":
        return None, text
    return found.group(1), text[found.end() :]


def pair(lines: Sequence[codes.DueLine], actions: Sequence[PlanRow]) -> list[str]:
    """Gives each action its date, by number, by position or one for all; what is left over."""
    words = [line.words for line in lines]
    if not actions:
        return words
    if len(lines) == 1 and (not lines[0].numbers or len(actions) == 1):
        words = [words_for(lines[0], by_number(actions))]
    elif any(line.numbers for line in lines):
        return _pair_by_number(lines, actions)
    elif len(lines) != len(actions) and len(actions) == 1:
        words = ["; ".join(words)]
    if len(words) not in (len(actions), 1) and len(set(words)) != 1:
        return words
    for at, action in enumerate(actions):
        action["due"] = words[at] if len(words) == len(actions) else words[0]
    return []


def by_number(actions: Sequence[PlanRow]) -> dict[str, PlanRow]:
    printed = {action["number"]: action for action in actions if action["number"]}
    return {str(at): action for at, action in enumerate(actions, 1)} | printed


def words_for(line: codes.DueLine, known: Mapping[str, PlanRow]) -> str:
    """The words of a line about actions, with the number before them where it is that of no action."""
    return line.words if all(str(number) in known for number in line.numbers) else line.whole


def _pair_by_number(lines: Sequence[codes.DueLine], actions: Sequence[PlanRow]) -> list[str]:
    known = by_number(actions)
    left = []
    last: list[PlanRow] = []
    for line in lines:
        targets = [known[str(n)] for n in line.numbers if str(n) in known]
        if not targets and not line.numbers and last:
            for action in last:
                action["due"] = f"{action['due']} {line.words}"
        elif not targets:
            left.append(line.whole if line.numbers else line.words)
        for action in targets:
            action["due"] = line.words
        last = targets or last
    return left


def lines_of(tree: Sequence[TextEntry]) -> Iterator[str]:
    """The lines of a cell of names or dates, with the numbers that they begin with."""
    for entry in tree:
        label = entry.label.strip() + " " if entry.kind == EntryKind.NUMBER else ""
        text = "".join(span.text for span in entry.spans)
        for at, line in enumerate(text.split("\n")):
            words = " ".join(line.split())
            words = re.sub(r"\[\^e?\d+\]", "", words)
            if words:
                yield (label if at == 0 else "") + words
        if entry.table is not None:
            for row in entry.table.rows:
                for cell in row.cells:
                    yield from lines_of(entries(cell.content))
        yield from lines_of(entry.inner)


def combined(before: list[Lead], new: list[Lead]) -> list[Lead]:
    """Leads of two columns: people in the second belong to the organisations in the first."""
    if not _fill_each_other(before, new):
        return [*before, *new]
    found = [copied(lead) for lead in before]
    one_each = sum(len(lead["people"]) for lead in new) == len(found)
    at = 0  # of the organisation that the next person belongs to
    for lead in new:
        owner = found[at]
        owner["note"] = "; ".join(filter(None, (owner["note"], lead["note"]))) or None
        for name in lead["people"]:
            found[at]["people"].append(name)
            if one_each:
                at += 1
    return found


def _fill_each_other(before: list[Lead], new: list[Lead]) -> bool:
    """Whether leads before want people, and the new ones are people only."""
    wants_people = any(lead["organisation"] and not lead["people"] for lead in before)
    only_people = bool(new) and all(lead["organisation"] is None and lead["people"] for lead in new)
    return wants_people and only_people


def copied(lead: Lead) -> Lead:
    return lead | {"people": list(lead["people"])}


def lead_words(lead: Lead) -> str:
    parts = [lead["organisation"] or "", " / ".join(lead["people"]), lead["note"] or ""]
    return " ".join(part for part in parts if part)


def same(one: str, other: str) -> bool:
    return letters(one) == letters(other)
