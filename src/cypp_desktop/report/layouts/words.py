"""How titles, codes, names and lists stand in print: the plan's words as blocks.

Pure: takes rows or words and gives blocks. Knows nothing of columns, layouts or pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, parse
from cypp_desktop.plan.levels import DEFAULT_LEVEL_NAMES
from cypp_desktop.plan.model import Lead, LeadRole, Plan, Priority
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.printed_fields import Source, Sources, source


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
    if re.fullmatch(r"[ivxlcdm]+|[a-z]", code, re.IGNORECASE):
        return f"{code})"
    return f"{code}:"


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
    start = _first_number(numbers)
    if start is not None:
        return (_list(things, start),)
    if bullets and len(things) > 1 and not any(numbers):
        return (_list(things, None),)
    found: list[Block] = []
    for number, blocks in things:
        found += prefixed(code_mark(number), blocks) if number else blocks
    return tuple(found)


def _list(things: Sequence[tuple[str | None, Blocks]], start: int | None) -> List:
    return List(tuple(Item(blocks) for _, blocks in things), start)


def _first_number(numbers: Sequence[str | None]) -> int | None:
    """The first of numbers that count up one by one; None where they do not."""
    if not numbers or not numbers[0] or not re.fullmatch(r"\d{1,6}", numbers[0]):
        return None
    start = int(numbers[0])
    counted = [str(start + at) for at in range(len(numbers))]
    return start if numbers == counted else None


def bulleted(texts: Sequence[str]) -> Blocks:
    """A list of Markdown texts."""
    return (List(tuple(Item(parse(text)) for text in texts)),)


def _says_role(lead: Lead) -> bool:
    """Whether a lead answers as something else than the lead, which is said."""
    return lead.role not in (None, LeadRole.LEAD)


def lead_blocks(lead: Lead) -> Blocks:
    """A lead: the organisation, its people on lines of their own, and the note."""
    lines = [person.printed for person in lead.people if person.printed]
    if lead.organisation and lead.organisation.name:
        lines.insert(0, lead.organisation.name)
    if lines and _says_role(lead):
        lines[0] += f" ({lead.role})"
    spans: list[Span] = []
    if lines:
        spans.append(Span("\n".join(lines)))
    if lead.note and lines:
        spans.append(Span(f"\n{lead.note}", italic=True))
    elif lead.note:
        spans.append(Span(lead.note))
    return (Paragraph(tuple(spans)),) if spans else ()


def lead_sources(leads: Sequence[Lead]) -> Sources:
    """Whose words :func:`lead_words` prints."""
    found: list[Source] = []
    for lead in leads:
        columns = ["organisation_id", "note"]
        is_named = lead.organisation is not None or bool(lead.people_links)
        if is_named and _says_role(lead):
            columns.append("role")
        found.append(Source(lead, tuple(columns)))
        found += source(lead.organisation, "name")
        found += people_sources(lead)
    return tuple(found)


def people_sources(lead: Lead) -> Sources:
    """Whose words the people named by a lead are: their names, or their posts where they have none."""
    found: list[Source] = []
    for link in lead.people_links:
        found.append(Source(link))
        found.append(Source(link.person, ("name",) if link.person.name else ("post",)))
    return tuple(found)


def lead_words(leads: Sequence[Lead]) -> Blocks:
    """Several leads below each other."""
    return tuple(block for lead in leads for block in lead_blocks(lead))


def measure_name(plan: Plan) -> str:
    """What the plan calls a measure."""
    return plan.level_measure or DEFAULT_LEVEL_NAMES["measure"]


def priority_heading(plan: Plan, priority: Priority) -> str:
    """ "Priority 1. Safeguarding …", with the plan's own name for a priority."""
    code, title = (priority.code or "").strip(), (priority.title or "").strip()
    name = f"{plan.level_priority} {code}".strip() if code else ""
    return f"{name}. {title}" if name and title else name or title


def priority_sources(plan: Plan, priority: Priority) -> Sources:
    """Whose words :func:`priority_heading` prints."""
    level = ("level_priority",) if (priority.code or "").strip() else ()
    return (*source(priority, "code", "title"), *source(plan, *level))
