"""Random material for property tests: texts as blocks, in the shapes that people write and worse."""

from __future__ import annotations

from hypothesis import strategies as st

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, Table

WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab c1.2)-*_[]()|\\:#>`<&;!\n ’–é\u00a0+~")),
        st.characters(blacklist_categories=["Cs", "Cc"]),
    ),
    max_size=14,
)
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
