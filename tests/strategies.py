"""Random material for property tests: texts as blocks and whole plans, as people write them and worse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, Table
from cypp_desktop.plan.figures import is_bounded
from cypp_desktop.plan.model import LeadRole, ObservationKind, Polarity, RoundState, UpdateState
from cypp_desktop.plan.signs import cleaned

WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab c1.2)-*_[]()|\\:#>`<&;!\n ’–é\u00a0+~")),
        st.characters(blacklist_categories=["Cs", "Cc"]),
    ),
    max_size=14,
).map(cleaned)
SPAN = st.builds(
    Span,
    text=WORDS,
    bold=st.booleans(),
    italic=st.booleans(),
    link=st.sampled_from([None, None, None, "https://example.org/a_b?c=(d)", "mailto:x@y.org"]),
)
SPANS = st.lists(SPAN, max_size=4).map(tuple)
PARAGRAPH = st.builds(Paragraph, SPANS)


def _table(width: int) -> st.SearchStrategy[Block]:
    row = st.lists(SPANS, min_size=width, max_size=width).map(tuple)
    return st.builds(Table, row, st.lists(row, max_size=3).map(tuple))


TABLE = st.integers(1, 3).flatmap(_table)
BLOCKS = st.recursive(
    st.lists(st.one_of(PARAGRAPH, TABLE), max_size=3).map(tuple),
    lambda inner: st.lists(
        st.one_of(
            PARAGRAPH,
            st.builds(
                List,
                st.lists(st.builds(Item, inner), max_size=3).map(tuple),
                st.one_of(st.none(), st.integers(0, 12)),
            ),
        ),
        max_size=4,
    ).map(tuple),
    max_leaves=8,
)


# ---------------------------------------------------------------------- whole plans, in plan JSON

#: Words of a plan as people and other programs leave them: all that a file can hold, as a plan keeps it.
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "TBC",
            "Smoking at delivery",
            " led and trailed\u00a0",
            "One\r\ntwo\u2028three\x0bfour",
            "- a\n  - b\n\n1. c\n\n| x | y |\n| --- | --- |\n| 1 | 2 |",
            "مرحبا e\u0301 👩\u200d👧 \u202e",
            'quo"te\\back\x1b',
            "On 1: no note",
            "90.0",
            "null",
        ]
    ),
    st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12),
).map(cleaned)
_CODES = st.one_of(
    st.sampled_from(["1", "1a", "i", "iv-2", "I", "#1", "plan", "actions", "a/b", "a:b", " 1 ", "x" * 50]),
    TEXTS,
)
_DUE = st.sampled_from([None, "Ongoing", "March 2017", "Between October 2016 and end March 2017", "soon"])
_PERIODS = st.sampled_from([None, "2016/17", "as of 10/05/18", "2014-2016 (pooled)"])
_DAYS = st.dates().map(str)
_SETTINGS = st.dictionaries(
    TEXTS,
    st.one_of(TEXTS, st.integers(), st.booleans(), st.sampled_from([2.5, -0.0, 1e22]), st.lists(TEXTS)),
    max_size=2,
)
_VALUES = st.one_of(
    TEXTS,
    st.none(),
    st.integers(-(10**30), 10**30),
    st.decimals(-(10**50), 10**50, allow_nan=False, allow_infinity=False).filter(is_bounded),
    st.sampled_from([Decimal("-0"), Decimal("90.0"), Decimal("1e59"), Decimal("-1.50E-50")]),
)


def _optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object that has any of the keys, or null for them."""
    return st.fixed_dictionaries({}, optional={key: st.none() | inner for key, inner in keys.items()})


@st.composite
def _dated(draw: st.DrawFn, field: str, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """An object whose due date or period may have days that somebody said, which no words here mean."""
    found = draw(inner)
    days = sorted(draw(st.lists(st.dates(date(1950, 1, 1), date(1960, 1, 1)).map(str), max_size=2)))
    if days:
        found |= {f"{field}_start": days[0] if len(days) > 1 else None, f"{field}_end": days[-1]}
        if field == "due":
            found |= {"due_precision": draw(st.sampled_from(["day", "range", "zq"]))}
    return found


def _some(inner: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(inner, max_size=most)


def _leads() -> st.SearchStrategy[list[Any]]:
    names = st.sampled_from(["Council", "council", "Schools", " Police"]) | TEXTS
    roles = st.sampled_from([each.value for each in LeadRole])
    return _some(_optional(organisation=names, people=_some(names), role=roles, note=TEXTS), 2)


_MEASURE = _optional(
    code=_CODES,
    title=TEXTS,
    placeholder=st.booleans(),
    flags=_some(TEXTS, 2),
    leads=_leads(),
    definition=TEXTS,
    polarity=st.sampled_from([each.value for each in Polarity]),
    unit=TEXTS,
    value_format=TEXTS,
    frequency=TEXTS,
    source=TEXTS,
    lineage=TEXTS,
    observations=_some(
        _dated(
            "period",
            _optional(
                area=TEXTS,
                series=TEXTS,
                period=_PERIODS,
                value=_VALUES,
                unit=TEXTS,
                kind=st.sampled_from([each.value for each in ObservationKind]),
                note=TEXTS,
            ),
        ),
        2,
    ),
)


@st.composite
def _outcome(draw: st.DrawFn) -> dict[str, Any]:
    """An outcome whose measures all have names of their own, and texts that cover any of them."""
    measures = draw(_some(_MEASURE))
    names: list[str] = []
    for measure in measures:
        key = draw(st.none() | _CODES)
        name = key or measure.get("code")
        if name in names:
            key = name = f"{name} {len(names)} again"
        if key is not None:
            measure["key"] = key
        if name:
            names.append(name)
    covered = st.lists(st.sampled_from(names), unique=True) if names else st.just([])
    covered = covered.map(lambda found: sorted(found, key=names.index))
    found = draw(
        _optional(
            code=_CODES,
            title=TEXTS,
            strategic_plans=_some(TEXTS),
            governance_groups=_some(TEXTS),
            lineage=TEXTS,
            leads=_leads(),
        )
    )
    actions = _dated(
        "due",
        _optional(number=_CODES, text=TEXTS, due=_DUE, status=TEXTS, leads=_leads(), measures=covered),
    )
    updates = _optional(
        round=st.sampled_from(["Mid-year", "End"]) | TEXTS,
        measures=covered,
        source=TEXTS,
        text=TEXTS,
        state=st.sampled_from([each.value for each in UpdateState]),
    )
    return {**found, "measures": measures, "actions": draw(_some(actions)), "updates": draw(_some(updates))}


PLANS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "priorities": _some(
            st.builds(
                lambda found, outcomes: {**found, "outcomes": outcomes},
                _optional(
                    code=_CODES,
                    title=TEXTS,
                    outcomes_sought=_some(TEXTS),
                    success_criteria=_some(TEXTS),
                    lineage=TEXTS,
                    leads=_leads(),
                ),
                _some(_outcome(), 2),
            ),
            2,
        )
    },
    optional={
        "title": TEXTS,
        "document_label": TEXTS,
        "status": TEXTS,
        "partnership": TEXTS,
        "area": TEXTS,
        "protective_marking": TEXTS,
        "rag_rules": _SETTINGS,
        "layouts": _some(st.fixed_dictionaries({"name": TEXTS.filter(bool), "definition": _SETTINGS}), 2),
        "packs": _some(st.fixed_dictionaries({"name": TEXTS.filter(bool), "definition": _SETTINGS}), 2),
        "people": _some(
            _optional(
                name=st.sampled_from(["Council", "Schools"]) | TEXTS,
                post=TEXTS,
                email=TEXTS,
                organisation=st.sampled_from(["Council", "Schools"]) | TEXTS,
            )
        ),
        "period": _PERIODS,
        "introduction": TEXTS,
        "level_names": _optional(priority=TEXTS, outcome=TEXTS, measure=TEXTS),
        "columns": _some(TEXTS),
        "rounds": _some(
            _optional(
                name=st.sampled_from(["Mid-year", "End"]),
                period=_PERIODS,
                due=_DAYS,
                state=st.sampled_from([each.value for each in RoundState]),
            )
        ),
        "organisations": _some(
            _optional(name=st.sampled_from(["Council", "Schools"]), short_name=TEXTS, kind=TEXTS, email=TEXTS)
        ),
        "sections": _some(_optional(number=_CODES, title=TEXTS, depth=st.integers(1, 6), text=TEXTS)),
        "recommendations": _some(
            _dated(
                "due",
                _optional(
                    number=_CODES,
                    text=TEXTS,
                    section=TEXTS,
                    status=TEXTS,
                    owner=TEXTS,
                    due=_DUE,
                    progress=TEXTS,
                ),
            )
        ),
        "notes": _some(TEXTS),
    },
)
