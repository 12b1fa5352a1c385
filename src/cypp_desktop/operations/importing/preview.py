"""What was found in a source, as rows to show: plan JSON to words, counts and blocks of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cypp_desktop.exchange.word.model import ImportReport
from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, parse
from cypp_desktop.plan.words import counted

Blocks = tuple[Block, ...]
Json = Mapping[str, Any]


@dataclass(frozen=True)
class PreviewRow:
    """One row of what was found: its words, what it holds, its full text, and the rows below it."""

    words: str
    holds: str
    text: Callable[[], Blocks]
    below: tuple[PreviewRow, ...] = ()


def preview_rows(plan: Json) -> list[PreviewRow]:
    """The plan itself, its priorities with all below them, narrative, recommendations and notes."""
    title = plan.get("title") or "Plan without a title"
    names = _LevelNames(plan)
    rows = [PreviewRow(title, "Title and front page", lambda: _front(plan))]
    rows += [_priority(priority, names) for priority in plan.get("priorities") or []]
    for words, key, make in (
        ("Narrative", "sections", _section),
        ("Recommendations", "recommendations", _recommendation),
        ("Notes", "notes", _note),
    ):
        below = tuple(make(each) for each in plan.get(key) or [])
        if below:
            rows.append(PreviewRow(words, str(len(below)), tuple, below))
    return rows


def summary(counts: Mapping[str, int]) -> str:
    """What was found in one line, such as "4 priorities, 11 outcomes, 44 measures (1 placeholder)"."""
    parts = []
    for name, number in counts.items():
        if name == "placeholders":
            continue
        words = counted(number, _ONE.get(name, name.removesuffix("s")))
        inside = counts.get("placeholders", 0)
        if name == "measures" and inside:
            words += f" ({counted(inside, 'placeholder')})"
        if number or name in ("priorities", "outcomes", "measures"):
            parts.append(words)
    return ", ".join(parts)


_ONE = {"priorities": "priority"}


def report_blocks(report: ImportReport, source_words: str) -> Blocks:
    """What a person should look at: remarks, and the words that had no place of their own."""
    blocks: list[Block] = []
    if report.to_check:
        blocks += [_heading("Please check"), _bullets((_plain(remark),) for remark in report.to_check)]
    if report.unplaced:
        blocks.append(_heading("Kept as notes, because they had no place of their own"))
        blocks.append(
            _bullets(
                (Paragraph((Span(f"{each.where} ({each.put})", bold=True),)), *parse(each.words))
                for each in report.unplaced
            )
        )
    return tuple(blocks) or (_plain(f"Every word of {source_words} has a place of its own."),)


# ------------------------------------------------------------------ rows


class _LevelNames:
    """What the plan calls its levels, in the middle of a sentence."""

    def __init__(self, plan: Json) -> None:
        names = plan.get("level_names") or {}
        self.priority: str = names.get("priority") or "Priority"
        self.outcome = (names.get("outcome") or "Outcome").lower()
        self.measure = (names.get("measure") or "Measure").lower()


def _priority(priority: Json, names: _LevelNames) -> PreviewRow:
    outcomes = priority.get("outcomes") or []
    measures = sum(len(outcome.get("measures") or []) for outcome in outcomes)
    holds = _listing((len(outcomes), names.outcome), (measures, names.measure))
    code, title = priority.get("code") or "", priority.get("title") or ""
    words = f"{names.priority} {code}" if code and not title else _coded(code, title)
    below = tuple(_outcome(outcome, names) for outcome in outcomes)
    return PreviewRow(words, holds, lambda: _priority_text(priority), below)


def _outcome(outcome: Json, names: _LevelNames) -> PreviewRow:
    measures = outcome.get("measures") or []
    holds = _listing(
        (len(measures), names.measure),
        (len(outcome.get("updates") or []), "update"),
        (len(outcome.get("actions") or []), "action"),
        (len(outcome.get("leads") or []), "lead"),
    )
    below = tuple(_measure(measure, outcome) for measure in measures)
    words = _coded(outcome.get("code"), outcome.get("title"))
    return PreviewRow(words, holds, lambda: _outcome_text(outcome), below)


def _measure(measure: Json, outcome: Json) -> PreviewRow:
    key = measure.get("key") or measure.get("code")
    updates = _about(key, outcome.get("updates") or [])
    actions = _about(key, outcome.get("actions") or [])
    flags = measure.get("flags") or []
    numbers = _listing((len(updates), "update"), (len(actions), "action"), (len(flags), "flag"))
    parts = ["placeholder" if measure.get("placeholder") else "", numbers, _first_lead(measure)]
    holds = " · ".join(part for part in parts if part)
    words = _coded(measure.get("code"), measure.get("title"))
    return PreviewRow(words, holds, lambda: _measure_text(measure, updates, actions))


def _about(key: str | None, texts: Sequence[Json]) -> list[Json]:
    """The updates or actions that name a measure."""
    return [text for text in texts if key in (text.get("measures") or [])]


def _first_lead(measure: Json) -> str:
    """Who leads a measure, in a few words: "Oak Council and 2 more"."""
    leads = measure.get("leads") or []
    if not leads:
        return ""
    first = str(leads[0].get("organisation") or ", ".join(leads[0].get("people") or []))
    return f"{first} and {len(leads) - 1} more" if first and len(leads) > 1 else first


def _section(section: Json) -> PreviewRow:
    words = _coded(section.get("number"), section.get("title"))
    return PreviewRow(words, "", lambda: (_heading(words), *parse(section.get("text"))))


def _recommendation(each: Json) -> PreviewRow:
    words = _coded(each.get("number"), _short(each.get("text") or ""))
    text = each.get("text")
    return PreviewRow(words, each.get("status") or "", lambda: (*parse(text), *_facts(each, _RECOMMENDATION)))


def _note(note: str) -> PreviewRow:
    return PreviewRow(_short(note), "", lambda: parse(note))


# ------------------------------------------------------------------ texts

_RECOMMENDATION = {"owner": "Owner", "due": "Due", "status": "Status", "progress": "Progress"}
_FRONT = {"document_label": "Label", "status": "Status", "partnership": "Partnership", "period": "Period"}
_MEASURE = {"definition": "Definition", "polarity": "Better is", "unit": "Unit", "source": "Source"}


def _front(plan: Json) -> Blocks:
    rounds = [each["name"] for each in plan.get("rounds") or []]
    return (
        _heading(plan.get("title") or "Plan without a title"),
        *_facts(plan, _FRONT),
        *parse(plan.get("introduction")),
        *_list("Reporting rounds", rounds),
        *_list("Columns", plan.get("columns") or []),
    )


def _priority_text(priority: Json) -> Blocks:
    return (
        _heading(_coded(priority.get("code"), priority.get("title"))),
        *_leads(priority),
        *_list("Outcomes sought", priority.get("outcomes_sought") or []),
        *_list("Success criteria", priority.get("success_criteria") or []),
    )


def _outcome_text(outcome: Json) -> Blocks:
    return (
        _heading(_coded(outcome.get("code"), outcome.get("title"))),
        *_leads(outcome),
        *_list("Strategic plans", outcome.get("strategic_plans") or []),
        *_list("Governance groups", outcome.get("governance_groups") or []),
        *_actions(outcome.get("actions") or []),
        *_updates(outcome.get("updates") or []),
    )


def _measure_text(measure: Json, updates: Sequence[Json], actions: Sequence[Json]) -> Blocks:
    values = [_value(each) for each in measure.get("observations") or []]
    return (
        _heading(_coded(measure.get("code"), measure.get("title"))),
        *_leads(measure),
        *_facts(measure, _MEASURE),
        *_list("Flags", measure.get("flags") or []),
        *_list("Values", values),
        *_actions(actions),
        *_updates(updates),
    )


def _value(observation: Json) -> str:
    parts = (observation.get(name) for name in ("area", "series", "period", "kind", "value", "unit"))
    return " ".join(str(part) for part in parts if part is not None)


def _actions(actions: Sequence[Json]) -> Iterable[Block]:
    if actions:
        yield _heading("Actions")
        yield _bullets(_action(each) for each in actions)


def _action(action: Json) -> Blocks:
    first, *rest = parse(action.get("text")) or (_plain(""),)
    number = f"{action['number']}. " if action.get("number") else ""
    lead = Paragraph((Span(number), *first.spans)) if isinstance(first, Paragraph) else _plain(number)
    others = rest if isinstance(first, Paragraph) else [first, *rest]
    due = [Paragraph((Span(f"By: {action['due']}", italic=True),))] if action.get("due") else []
    return (lead, *others, *due)


def _updates(updates: Sequence[Json]) -> Iterable[Block]:
    for update in updates:
        yield _heading(" · ".join(filter(None, ("Update", update.get("round"), _covers(update)))))
        if update.get("source"):
            yield from _labelled("Source", parse(update["source"]))
        yield from parse(update.get("text"))


def _covers(update: Json) -> str:
    return f"covers {', '.join(update['measures'])}" if len(update.get("measures") or []) > 1 else ""


def _leads(row: Json) -> Iterable[Block]:
    return _list("Leads", [_lead(lead) for lead in row.get("leads") or []])


def _lead(lead: Json) -> str:
    named = [lead.get("organisation"), ", ".join(lead.get("people") or [])]
    role = f" ({lead['role']})" if lead.get("role") not in (None, "lead") else ""
    note = f" – {lead['note']}" if lead.get("note") else ""
    return " — ".join(name for name in named if name) + role + note


def _facts(row: Json, names: Mapping[str, str]) -> Iterable[Block]:
    for key, label in names.items():
        if row.get(key):
            yield from _labelled(label, parse(str(row[key])))


def _labelled(label: str, blocks: Blocks) -> Iterable[Block]:
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph):
        yield Paragraph((Span(f"{label}: ", bold=True), *first.spans))
        yield from blocks[1:]
    else:
        yield _heading(label)
        yield from blocks


def _list(label: str, texts: Sequence[str]) -> Iterable[Block]:
    if texts:
        yield _heading(label)
        yield _bullets(parse(text) or (_plain(text),) for text in texts)


def _bullets(items: Iterable[Blocks]) -> List:
    return List(tuple(Item(blocks) for blocks in items))


def _heading(words: str) -> Paragraph:
    return Paragraph((Span(words, bold=True),))


def _plain(words: str) -> Paragraph:
    return Paragraph((Span(words),))


# ------------------------------------------------------------------ words


def _coded(code: str | None, title: str | None) -> str:
    return " ".join(part for part in (code, _short(title or "", 200)) if part) or "Without a title"


def _short(text: str, length: int = 90) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def _listing(*parts: tuple[int, str]) -> str:
    return ", ".join(counted(number, name) for number, name in parts if number)
