"""The Markdown dialect: what is parsed, what is written, and that nothing is lost between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cypp_desktop.plan import blocks as module
from cypp_desktop.plan.blocks import (
    Block,
    Paragraph,
    Span,
    normal,
    parse,
    plain_text,
    render,
    word_count,
)
from tests.strategies import BLOCKS


@settings(max_examples=400, deadline=None)
@given(BLOCKS)
def test_what_is_written_is_read_back(blocks: tuple[Block, ...]) -> None:
    proper = normal(blocks)
    assert parse(render(proper)) == proper


@settings(max_examples=200, deadline=None)
@given(BLOCKS)
def test_normal_form_keeps_every_word(blocks: tuple[Block, ...]) -> None:
    assert "".join(plain_text(normal(blocks)).split()) == "".join(plain_text(blocks).split())
    assert normal(normal(blocks)) == normal(blocks)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab 12.-*_[]()|\\\n")), max_size=60))
def test_any_text_settles_after_one_pass(text: str) -> None:
    once = parse(text)
    assert parse(render(once)) == once


@pytest.mark.parametrize(
    "text",
    [
        "- one\n- two\n  - nested\n  - nested too\n- three",
        "1. first\n   - inside\n2. second",
        "**Performance update**\n\nWords, *in italics*, A*-C grades.",
        "| Ward | Rate |\n| --- | --- |\n| Aspley | 17.2% |\n| Bulwell | |",
        "See [the site](https://example.org).",
        "3. starts at three\n4. goes on",
    ],
)
def test_canonical_text_is_written_as_it_was(text: str) -> None:
    assert render(parse(text)).replace("|  |", "| |") == text


@given(st.text(alphabet=st.sampled_from(list("ab1é \u00a0.:;)-+#>&!<`~\"'\n")), max_size=24), st.booleans())
def test_a_text_without_markup_is_read_in_the_same_way_without_the_parser(text: str, bullet: bool) -> None:
    text = "- " * bullet + text + "b"
    if module._PLAIN.fullmatch(text):
        assert parse(text) == module._blocks(module._markdown().parse(text), 0, None)[0]


def test_words_of_other_dialects_are_plain_words() -> None:
    text = "#1 priority > all `code` <b>not bold</b> &amp; ---"
    assert parse(text) == (Paragraph((Span(text),)),)


def test_a_bold_line_is_a_sub_heading() -> None:
    heading, body = parse("**Next steps**\n\nNot **all** bold")
    assert isinstance(heading, Paragraph) and heading.is_heading
    assert isinstance(body, Paragraph) and not body.is_heading


def test_words_are_counted_without_markup() -> None:
    assert word_count("- **one** two\n- [three](https://x.org)\n\n| four |\n| --- |\n| five |") == 5
