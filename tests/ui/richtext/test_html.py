"""HTML and plain words that other programs put on the clipboard, as blocks."""

# ruff: noqa: E501
# The HTML is written as the programs write it.

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cypp_desktop.plan.blocks import normal, plain_text, render
from cypp_desktop.ui.richtext.html import blocks_from_html
from cypp_desktop.ui.richtext.typed import blocks_from_typed


def of_html(source: str) -> str:
    return render(blocks_from_html(source))


def of_typed(text: str) -> str:
    return render(blocks_from_typed(text))


# ------------------------------------------------------------------------------ Word and its kin


def word_item(level: int, marker: str, words: str, *, face: str = "Symbol", lfo: int = 1) -> str:
    """A list paragraph as Word for Windows copies it."""
    return (
        f"<p class=MsoListParagraphCxSpMiddle style='margin-left:{36 * level}.0pt;mso-add-space:auto;\n"
        f"text-indent:-18.0pt;mso-list:l0 level{level} lfo{lfo}'><!--[if !supportLists]--><span lang=EN-GB\n"
        f"style='font-family:{face};mso-fareast-font-family:{face};mso-bidi-font-family:\n{face}'><span "
        f"style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp;\n"
        f"</span></span></span><!--[endif]--><span lang=EN-GB>{words}<o:p></o:p></span></p>\n"
    )


def word_page(body: str) -> str:
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">'
        "<head><meta name=Generator content='Microsoft Word 15'><!--[if gte mso 9]><xml><w:WordDocument>"
        "<w:View>Normal</w:View></w:WordDocument></xml><![endif]--><style><!--\n"
        " /* Style Definitions */ p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt;}\n"
        "span.Strong1 {mso-style-name:Strong1; font-weight:bold;}\n"
        "@list l0:level1 {mso-level-number-format:bullet;}\n--></style></head>"
        f"<body lang=EN-GB><!--StartFragment-->{body}<!--EndFragment--></body></html>"
    )


def test_word_lists_keep_their_levels_numbers_and_emphasis() -> None:
    source = word_page(
        "<p class=MsoNormal><b><span style='color:#C00000'>Performance update<o:p></o:p></span></b></p>"
        + word_item(1, "·", "In 2016/17, <b style='mso-bidi-font-weight:normal'>17.2%</b> of <i>mothers</i>")
        + word_item(2, "o", "inner, in\na second line", face='"Courier New"')
        + word_item(3, "§", "deep", face="Wingdings")
        + word_item(1, "·", "next")
        + "<p class=MsoNormal>Words between<o:p></o:p></p>"
        + word_item(1, "1.", "first", face="Calibri", lfo=2)
        + word_item(2, "a.", "lettered", face="Calibri", lfo=2)
        + word_item(1, "2.", "second", face="Calibri", lfo=2)
        + "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        + word_item(1, "4.", "fourth", face="Calibri", lfo=2)
    )
    assert of_html(source) == (
        "**Performance update**\n\n- In 2016/17, **17.2%** of *mothers*\n  - inner, in a second line\n"
        "    - deep\n- next\n\nWords between\n\n1. first\n   1. lettered\n2. second\n3. fourth"
    )


def test_a_word_number_that_starts_later_starts_there() -> None:
    assert of_html(word_page(word_item(1, "3.", "third") + word_item(1, "4.", "fourth"))) == (
        "3. third\n4. fourth"
    )
    assert of_html(word_page(word_item(1, "(iv)", "fourth") + word_item(1, "(v)", "fifth"))) == (
        "4. fourth\n5. fifth"
    )


def test_two_word_lists_of_one_level_stay_two() -> None:
    source = word_page(word_item(1, "·", "bullet") + word_item(1, "1.", "number", lfo=2))
    assert of_html(source) == "- bullet\n\n1. number"


def test_bullets_that_outlook_made_of_typed_signs() -> None:
    source = word_page(
        "<p class=MsoListParagraph style='margin-left:36.0pt;text-indent:-18.0pt'><span style='font-family:Symbol'>"
        "·</span><span style='font-size:7.0pt'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span>One<o:p></o:p></p>"
        "<p class=MsoListParagraph style='margin-left:72.0pt;text-indent:-18.0pt'><span style='font-family:\"Courier "
        "New\"'>o</span><span style='font-size:7.0pt'>&nbsp;&nbsp; </span>under<o:p></o:p></p>"
        "<p class=MsoListParagraph style='margin-left:36.0pt'>·&nbsp; Two</p>"
    )
    assert of_html(source) == "- One\n  - under\n- Two"


def test_a_paragraph_that_goes_on_in_a_word_item_stays_in_it() -> None:
    source = word_page(word_item(1, "·", "item") + "<p class=MsoListParagraph>goes on</p>")
    assert of_html(source) == "- item\n\n  goes on"


def test_comments_deleted_words_and_hidden_words_of_word_are_left_out() -> None:
    source = word_page(
        "<p class=MsoNormal>Kept <del cite='mailto:A' datetime='2018-01-01T10:00'>gone </del><ins cite='mailto:A'>new"
        "</ins><span class=MsoCommentReference><a href='#_msocom_1'>[A1]</a></span><span style='display:none;mso-hide:"
        "all'>secret</span></p><div style='mso-element:comment-list'><p>A comment</p></div>"
    )
    assert of_html(source) == "Kept new"


def test_a_word_table_with_joined_cells() -> None:
    source = word_page(
        "<table class=MsoTableGrid border=1><tr><td width=100 style='background:#DDD'><p class=MsoNormal><b>Ward</b></p>"
        "</td><td colspan=2><p>Rate</p><p>per 1,000</p></td></tr><tr><td rowspan=2><p>Aspley</p></td><td>1</td><td>"
        + word_item(1, "·", "up")
        + word_item(1, "·", "down")
        + "</td></tr><tr><td>3</td><td>4</td></tr><![if !supportMisalignedColumns]><tr height=0><td width=100></td>"
        "<td></td><td></td></tr><![endif]></table>"
    )
    assert of_html(source) == (
        "| **Ward** | Rate per 1,000 |  |\n| --- | --- | --- |\n| Aspley | 1 | • up • down |\n|  | 3 | 4 |"
    )


def test_word_on_the_web_numbers_its_levels_itself() -> None:
    def item(level: int, words: str, tag: str = "ul", start: int = 1) -> str:
        return (
            f'<div class="ListContainerWrapper SCXW1"><{tag} class="BulletListStyle1" start="{start}">'
            f'<li data-leveltext="" data-font="Symbol" data-listid="2" data-aria-posinset="1" '
            f'data-aria-level="{level}" role="listitem" class="OutlineElement"><p class="Paragraph">'
            f'<span class="TextRun" style="font-weight: bold">{words}</span><span class="EOP">&nbsp;</span></p>'
            f"</li></{tag}></div>"
        )

    source = (
        item(1, "one") + item(2, "under") + item(1, "two") + item(1, "first", "ol") + item(1, "b", "ol", 2)
    )
    assert of_html(source) == "- **one**\n  - **under**\n- **two**\n\n1. **first**\n2. **b**"


def test_google_documents_wrap_everything_in_a_bold_that_is_not() -> None:
    source = (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span '
        'style="font-size:16pt;font-weight:400;">Title</span></h2><p dir="ltr"><span style="font-weight:700;'
        'font-style:italic;white-space:pre-wrap;">Both</span><span style="font-weight:400"> plain</span></p><ul>'
        '<li dir="ltr" aria-level="1"><p role="presentation"><span>one</span></p></li><ul><li dir="ltr" '
        'aria-level="2"><p><span>under</span></p></li></ul><li aria-level="1"><p>two</p></li></ul></b><br '
        'class="Apple-interchange-newline">'
    )
    assert of_html(source) == "**Title**\n\n***Both*** plain\n\n- one\n  - under\n- two"


def test_libreoffice_lists_and_tables() -> None:
    source = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN"><html><head><meta http-equiv="content-type" '
        'content="text/html; charset=utf-8"/><title></title><style type="text/css">@page { size: 21cm 29.7cm }\n'
        'p { line-height: 115% }</style></head><body lang="en-GB" dir="ltr"><p style="line-height: 100%">\nIntro\n'
        '<u>words</u></p><ul><li><p style="margin-bottom: 0cm">\none</p>\n<ul>\n<li><p>under</p></li></ul></li>\n'
        '<li><p><font color="#000000"><b>two</b></font></p></li></ul><ol start="4"><li><p>four</p></li></ol>'
        '<table width="100%" cellpadding="4"><col width="128*"/><tr valign="top"><td width="50%"><p>A</p></td>'
        "<td><p><br/>\n</p></td></tr><tr><td><p>c</p></td><td><p>d</p></td></tr></table></body></html>"
    )
    assert of_html(source) == (
        "Intro words\n\n- one\n  - under\n- **two**\n\n4. four\n\n| A |  |\n| --- | --- |\n| c | d |"
    )


def test_excel_cells_with_styles_in_a_sheet() -> None:
    source = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--table\n\t{mso-displayed-decimal-'
        'separator:"\\.";}\n.xl65\n\t{font-weight:700;\n\ttext-align:center;}\n--></style></head><body><table border=0 '
        "cellpadding=0 width=128 style='border-collapse:collapse'><!--StartFragment--><col width=64 span=2>"
        "<tr height=20><td height=20 class=xl65 width=64>Ward</td><td class=xl65>Rate</td></tr><tr><td>Aspley</td>"
        "<td align=right>17.2%</td></tr><!--EndFragment--></table></body></html>"
    )
    assert of_html(source) == "| **Ward** | **Rate** |\n| --- | --- |\n| Aspley | 17.2% |"


# ------------------------------------------------------------------------------ pages and mail


def test_a_web_page_keeps_structure_and_drops_the_rest() -> None:
    source = (
        "<nav><a href='#main'>Skip</a></nav><script>alert('x')</script><style>p{color:red}</style><h1>Health</h1>"
        "<p style='color:red;font-family:Comic Sans MS'>Rates <strong>fell</strong>,&nbsp;see <a href='https://x.org/a?b=c"
        "&amp;d'>the <em>profile</em></a>, <a href='javascript:alert(1)'>not this</a> and <a href='/local'>not that</a>."
        "<img src='a.png' alt='a picture'></p><ul>\n <li>one\n <li>two <ol><li>inner</ol>\n</ul><blockquote>Said</blockquote>"
        "<button>Share</button><pre>two\n  lines</pre>"
    )
    assert of_html(source) == (
        "Skip\n\n**Health**\n\nRates **fell**,\u00a0see [the ](https://x.org/a?b=c&d)[*profile*](https://x.org/a?b=c&d), "
        "not this and not that.\n\n- one\n- two\n  1. inner\n\nSaid\n\ntwo\nlines"
    )


def test_mail_in_divisions_and_breaks() -> None:
    source = (
        "<div>Dear all</div><div><br></div><div>First<br>second<br><br>third</div><div>• one<br>• two</div>"
    )
    assert of_html(source) == "Dear all\n\nFirst\nsecond\n\nthird\n\n- one\n- two"


def test_a_table_for_the_layout_gives_its_words_only() -> None:
    source = "<table><tr><td><p>One</p><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    assert of_html(source) == "One\n\n| a | b |\n| --- | --- |"


def test_words_between_the_cells_of_a_table_are_kept() -> None:
    source = "<table>a<caption>b</caption><tr>c<td>1</td><td>2</td><div>d</div></tr></table>"
    assert of_html(source) == "a\n\nb\n\nc\n\nd\n\n| 1 | 2 |\n| --- | --- |"


@given(st.text(alphabet=st.sampled_from(list("<>/!-[]=\"'& ;pbliutdro\n\u00a0")), max_size=80))
def test_no_html_is_too_broken_to_paste(source: str) -> None:
    blocks = blocks_from_html(source)
    assert normal(blocks) == blocks


WORD = st.text(alphabet="abc", min_size=1, max_size=4)
TAGS = st.sampled_from(
    ["p", "div", "b", "i", "ul", "ol", "li", "table", "tr", "td", "th", "h2", "span", "a", "br", "font", "u"]
)


@given(st.lists(st.one_of(WORD, TAGS.map("<{}>".format), TAGS.map("</{}>".format)), max_size=30))
@settings(max_examples=200)
def test_no_word_of_a_page_is_lost(parts: list[str]) -> None:
    words = "".join(part for part in parts if not part.startswith("<"))
    read = plain_text(blocks_from_html("".join(parts)))
    assert sorted(letter for letter in read if letter in "abc") == sorted(words)


# ------------------------------------------------------------------------------ plain words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\ntwo", "one\ntwo"),
        ("Intro\n• one\n• two\nAfter", "Intro\n\n- one\n- two\n\nAfter"),
        ("- one\n  - under\n    goes on\n- two", "- one\n  - under\n    goes on\n- two"),
        ("1. one\n2) two\n\t• under\n3. three", "1. one\n2. two\n   - under\n3. three"),
        ("1. one\n3. three", "1. one\n\n3) three"),
        ("\uf0b7\tone\r\n\uf0b7\ttwo", "- one\n- two"),
        ("17.2% of mothers - a fall", "17.2% of mothers - a fall"),
        ("* not bold * but a bullet", "- not bold * but a bullet"),
        ("-5 degrees\n2016. was", "-5 degrees\n2016\\. was"),
    ],
)
def test_typed_bullets_become_lists(typed: str, expected: str) -> None:
    assert of_typed(typed) == expected


@given(st.text(alphabet=st.sampled_from(list("ab -*•1.)\t\n")), max_size=60))
def test_typed_words_are_all_kept(text: str) -> None:
    kept = plain_text(blocks_from_typed(text))
    assert [c for c in kept if c in "ab"] == [c for c in text if c in "ab"]


@pytest.mark.parametrize(
    "struck",
    [
        "<s>200</s>",
        "<strike>200</strike>",
        "<del>200</del>",
        "<span style='text-decoration:line-through'>200</span>",
        "<span style='text-decoration-line:line-through'>200</span>",
    ],
)
def test_words_struck_out_are_left_out(struck: str) -> None:
    assert render(blocks_from_html(f"<p>Train {struck} 150 staff</p>")) == "Train 150 staff"


@pytest.mark.parametrize(
    ("face", "letters", "words"),
    [
        ("Wingdings", "ü", "✓ done"),
        ("Wingdings", "û", "✗ done"),
        ("Wingdings", "þ", "☑ done"),
        ("Wingdings 2", "P", "✓ done"),
        ("Wingdings", "\uf0fc", "✓ done"),
        ("Wingdings", "\uf0fb", "✗ done"),
        ("Calibri", "ü", "ü done"),
    ],
)
def test_a_tick_in_a_symbol_font_is_a_tick(face: str, letters: str, words: str) -> None:
    assert render(blocks_from_html(f"<p><span style='font-family:{face}'>{letters}</span> done</p>")) == words
    assert render(blocks_from_html(f"<p><font face='{face}'>{letters}</font> done</p>")) == words


def test_a_tick_in_plain_text_is_a_tick() -> None:
    assert render(blocks_from_typed("\uf0fc School nurses")) == "✓ School nurses"
