"""How titles, codes, names and lists stand in print: the plan's words as blocks.

Pure: takes rows or words and gives blocks. Knows nothing of columns, layouts or pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, parse
from cypp_desktop.plan.model import Lead, Plan, Priority
from cypp_desktop.report.printed_fields import Source, Sources, source

Blocks = tuple[Block, ...]


def literal(text: str | None) -> Blocks:
    """A title or name: its words as they stand, unless it has lists or several paragraphs."""
    text = (text or "").strip()
    if "\n" in text:
        return parse(text)
    return (Paragraph((Span(text),)),) if text else ()


def emphatic(text: str) -> Blocks:
    """Words in bold."""
    return (Paragraph((Span(text, bold=True),)),) if text.strip() else ()


def quiet(text: str) -> Blocks:
    """Words in italics."""
    return (Paragraph((Span(text, italic=True),)),) if text.strip() else ()


def with_code(code: str | None, title: str | None) -> Blocks:
    """A title after its printed code: "1a: Good", "iv) Rate", "3. Implement"."""
    blocks = literal(title)
    code = (code or "").strip()
    return prefixed(code_mark(code), blocks) if code else blocks


def code_mark(code: str) -> str:
    """A code with what parts it from its title."""
    if not code[-1].isalnum():
        return code
    if re.fullmatch(r"[\d.]+", code):
        return f"{code}."
    return f"{code})" if re.fullmatch(r"[ivxlcdm]+|[a-z]", code, re.IGNORECASE) else f"{code}:"


def prefixed(mark: str, blocks: Blocks) -> Blocks:
    """Blocks with a mark before their first words."""
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph):
        return (Paragraph((Span(f"{mark} "), *first.spans)), *blocks[1:])
    return (Paragraph((Span(mark),)), *blocks)


def continued(code: str | None, title: str | None) -> str:
    """What a cell says on the pages that it runs on over."""
    words = (title or "").split()
    short = code or (" ".join(words[:4]) + ("…" if len(words) > 4 else ""))
    return f"{short} (continued)".strip()


def listed(things: Sequence[tuple[str | None, Blocks]], bullets: bool = True) -> Blocks:
    """Things in a list as it was printed: numbered where their numbers say so, else with bullets."""
    things = [(number, blocks) for number, blocks in things if blocks]
    numbers = [number for number, _ in things]
    start = int(numbers[0]) if numbers and numbers[0] and re.fullmatch(r"\d{1,6}", numbers[0]) else None
    if start is not None and numbers == [str(start + at) for at in range(len(things))]:
        return (List(tuple(Item(blocks) for _, blocks in things), start),)
    if any(numbers):
        return tuple(
            block
            for number, blocks in things
            for block in (prefixed(code_mark(number), blocks) if number else blocks)
        )
    if bullets and len(things) > 1:
        return (List(tuple(Item(blocks) for _, blocks in things)),)
    return tuple(block for _, blocks in things for block in blocks)


def bulleted(texts: Sequence[str]) -> Blocks:
    """A list of Markdown texts."""
    return (List(tuple(Item(parse(text)) for text in texts)),)


def lead_blocks(lead: Lead) -> Blocks:
    """A lead: the organisation, its people on lines of their own, and the note."""
    organisation = lead.organisation.name if lead.organisation else ""
    names = [organisation, *(person.printed for person in lead.people)]
    lines = [name for name in names if name]
    if lines and lead.role not in (None, "lead"):
        lines[0] += f" ({lead.role})"
    spans = [Span("\n".join(lines))] if lines else []
    if lead.note:
        spans.append(Span("\n" * bool(spans) + lead.note, italic=bool(spans)))
    return (Paragraph(tuple(spans)),) if spans else ()


def lead_sources(leads: Sequence[Lead]) -> Sources:
    """Whose words :func:`lead_words` prints."""
    found: list[Source] = []
    for lead in leads:
        is_named = lead.organisation is not None or bool(lead.people_links)
        role = ("role",) if is_named and lead.role not in (None, "lead") else ()
        found.append(Source(lead, ("organisation_id", "note", *role)))
        found += [*source(lead.organisation, "name"), *people_sources(lead)]
    return tuple(found)


def people_sources(lead: Lead) -> Sources:
    """Whose words the people named by a lead are: their names, or their posts where they have none."""
    return tuple(
        one
        for link in lead.people_links
        for one in (Source(link), Source(link.person, ("name",) if link.person.name else ("post",)))
    )


def lead_words(leads: Sequence[Lead]) -> Blocks:
    """Several leads below each other."""
    return tuple(block for lead in leads for block in lead_blocks(lead))


def priority_heading(plan: Plan, priority: Priority) -> str:
    """ "Priority 1. Safeguarding …", with the plan's own name for a priority."""
    code, title = (priority.code or "").strip(), (priority.title or "").strip()
    name = f"{plan.level_priority} {code}".strip() if code else ""
    return f"{name}. {title}" if name and title else name or title


def priority_sources(plan: Plan, priority: Priority) -> Sources:
    """Whose words :func:`priority_heading` prints."""
    level = ("level_priority",) if (priority.code or "").strip() else ()
    return (*source(priority, "code", "title"), *source(plan, *level))
