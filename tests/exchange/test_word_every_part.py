"""Words that stand beside the plain cells of a Word document come in, or the report names them."""

# ruff: noqa: E501
# The XML is written as Word writes it.

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.exchange.word import WordImport, read_word
from tests.exchange.word_raw import SPACES, city, part, plan_document, run, table, with_parts

RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def said(found: WordImport) -> str:
    """All that an import says: the plan and its report."""
    return json.dumps(found.plan, ensure_ascii=False) + found.report.as_text()


def with_relation(path: Path, kind: str, target: str, content: str | bytes, **more: str | bytes) -> Path:
    """The document with one more part."""
    relation = f'<Relationship Id="rMore{kind}" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    relations = part(path, RELATIONS).replace("</Relationships>", relation)
    return with_parts(path, {RELATIONS: relations, f"word/{target}": content, **more})


def notes_part(kind: str, texts: dict[int, str]) -> str:
    notes = "".join(f'<w:{kind} w:id="{at}"><w:p>{run(text)}</w:p></w:{kind}>' for at, text in texts.items())
    return f"<w:{kind}s {SPACES}>{notes}</w:{kind}s>"


def marked(words: str, at: int) -> str:
    """A paragraph with a footnote and a comment."""
    return (
        f'<w:p>{run(words)}<w:r><w:footnoteReference w:id="{at}"/></w:r>'
        f'<w:r><w:commentReference w:id="{at}"/></w:r></w:p>'
    )


def with_notes(path: Path, count: int) -> Path:
    """The document with footnotes and comments of these ids."""
    ids = range(1, count + 1)
    path = with_relation(
        path, "footnotes", "footnotes.xml", notes_part("footnote", {at: f"foot{at}x" for at in ids})
    )
    return with_relation(
        path, "comments", "comments.xml", notes_part("comment", {at: f"margin{at}x" for at in ids})
    )


def lost(found: WordImport, *words: str) -> list[str]:
    return [word for word in words if word not in said(found)]


# ---------------------------------------------------------------------------------- notes and comments


def test_notes_and_comments_of_every_place_come_in(tmp_path: Path) -> None:
    headings = [marked("Outcomes", 1), "Performance measures", marked("Key actions", 2), "Lead organisation"]
    rows = [[marked("1a: Safe", 3), marked("Visits", 4), marked("Visit all", 5), marked("Oak Council", 6)]]

    def before(document: Any) -> None:
        from tests.exchange.word_raw import raw

        document.element.body.insert(1, raw(marked("Introduction words", 7)))
        table(document, [], [["Contact", marked("Jo", 8)], ["Phone", "1"], ["Room", "2"]])

    path = with_notes(plan_document(tmp_path / "a.docx", rows, headings, before), 8)
    wanted = [f"{kind}{at}x" for at in range(1, 9) for kind in ("foot", "margin")]
    assert lost(read_word(path), *wanted) == []


def test_a_comment_says_what_it_is_on(tmp_path: Path) -> None:
    path = plan_document(
        tmp_path / "a.docx",
        [["1a: Safe", "Visits", "Done", "Police"]],
        [marked("Outcomes", 1), "Measure", "Update", "Lead"],
    )
    found = read_word(with_notes(path, 1))
    assert ("the comment on the headings of table 1", "margin1x") in [
        (u.where, u.words) for u in found.report.unplaced
    ]


def test_notes_in_a_table_in_a_cell_and_in_a_row_across_come_in(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{marked('Inner', 1)}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    rows = [["1a: Safe", "Visits", [inner, "Words"], "Police"]]
    assert (
        lost(read_word(with_notes(plan_document(tmp_path / "a.docx", rows), 1)), "foot1x", "margin1x") == []
    )


def test_an_action_with_a_footnote_keeps_its_comment(tmp_path: Path) -> None:
    path = plan_document(
        tmp_path / "a.docx", [["1a: Safe", marked("Visit all", 1)]], ["Outcomes", "Key actions"]
    )
    found = read_word(with_notes(path, 1))
    assert "foot1x" in json.dumps(found.plan["priorities"]) and "margin1x" in json.dumps(found.plan["notes"])


def test_a_footnote_on_the_label_of_a_form_comes_in(tmp_path: Path) -> None:
    rows = [
        [marked("Outcome", 1), "Safe"],
        ["Performance measure", "Visits"],
        ["Key actions", "Call"],
        ["Lead", "Oak"],
    ]
    assert (
        lost(read_word(with_notes(plan_document(tmp_path / "a.docx", rows, []), 1)), "foot1x", "margin1x")
        == []
    )


# ---------------------------------------------------------------------------------- margins, inserted things


def test_words_of_page_margins_are_named(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Done")
    for kind in ("header", "footer"):
        page = (
            '<w:r><w:t>Page </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>77</w:t></w:r></w:fldSimple>'
        )
        content = f"<w:hdr {SPACES}><w:p>{run(f'Approved in the {kind}')}</w:p><w:p>{page}</w:p></w:hdr>"
        path = with_relation(path, kind, f"{kind}9.xml", content)
    report = read_word(path).report.as_text()
    assert "“Approved in the header” (the page header)" in report
    assert "“Approved in the footer” (the page footer)" in report and "77" not in report


def test_headings_that_stand_in_the_page_header_are_kept_as_a_note(tmp_path: Path) -> None:
    cells = "".join(f"<w:tc><w:p>{run(words)}</w:p></w:tc>" for words in ("Result sought", "Doing"))
    header = f"<w:hdr {SPACES}><w:tbl><w:tr>{cells}</w:tr></w:tbl></w:hdr>"
    found = read_word(with_relation(city(tmp_path / "a.docx", "Done"), "header", "header9.xml", header))
    assert any("Result sought" in note and "Doing" in note for note in found.plan["notes"])


@pytest.mark.parametrize(
    ("target", "content"),
    [
        ("chunk.html", "<!DOCTYPE html><html><body><p>Chunk <b>wo</b>rds</p></body></html>"),
        ("chunk.txt", "Chunk words"),
        (
            "chunk.mht",
            "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body>Chunk words</body></html>",
        ),
    ],
)
def test_a_document_inside_the_document_gives_its_words(tmp_path: Path, target: str, content: str) -> None:
    found = read_word(with_relation(city(tmp_path / "a.docx", "Done"), "aFChunk", target, content))
    assert lost(found, "Chunk words", "a document inside the document") == []


def test_a_document_inside_the_document_that_is_not_read_is_named(tmp_path: Path) -> None:
    found = read_word(with_relation(city(tmp_path / "a.docx", "Done"), "aFChunk", "c.rtf", r"{\rtf1 Chunk}"))
    assert "a format that is not read" in found.report.as_text()


def test_words_of_charts_and_diagrams_come_in(tmp_path: Path) -> None:
    drawn = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    chart = f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" {drawn}><c:title><a:p><a:r><a:t>Rate of </a:t></a:r><a:r><a:t>care</a:t></a:r></a:p></c:title><c:v>North ward</c:v></c:chartSpace>'
    diagram = f'<d:dataModel xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram" {drawn}><a:p><a:r><a:t>First step</a:t></a:r></a:p></d:dataModel>'
    path = with_relation(city(tmp_path / "a.docx", "Done"), "chart", "chart9.xml", chart)
    path = with_relation(path, "diagramData", "data9.xml", diagram)
    assert lost(read_word(path), "Rate of care", "North ward", "First step") == []


def test_word_art_and_descriptions_of_pictures_come_in(tmp_path: Path) -> None:
    art = '<w:p><w:r><w:pict><v:shape><v:textpath string="Big words"/></v:shape></w:pict></w:r></w:p>'
    picture = '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="P" descr="A red light"/></wp:inline></w:drawing></w:r></w:p>'
    found = read_word(city(tmp_path / "a.docx", [art, picture, "Done"]))
    assert lost(found, "Big words", "A red light") == []


def test_a_text_box_that_is_stored_twice_is_one(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed words</w:t></w:r></w:p></w:txbxContent>"
    twice = f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>{box}</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    found = read_word(city(tmp_path / "a.docx", [twice, "Done"]))
    assert said(found).count("Boxed words") == 1 and found.report.unplaced == []


# ---------------------------------------------------------------------------------- fields and forms


def field(begin: str, result: str = "", code: str = " REF x ") -> str:
    return (
        f"<w:r><w:fldChar w:fldCharType='begin'>{begin}</w:fldChar></w:r>"
        f"<w:r><w:instrText>{code}</w:instrText></w:r>{result}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )


def the_update(path: Path) -> str:
    return str(read_word(path).plan["priorities"][0]["outcomes"][0]["updates"][0]["text"])


def test_a_field_without_separator_gives_its_words(tmp_path: Path) -> None:
    assert (
        the_update(city(tmp_path / "a.docx", f"<w:p>{field('', run('Inside'))}{run(' out')}</w:p>"))
        == "Inside out"
    )


def test_the_chosen_entry_of_an_old_drop_down_is_read(tmp_path: Path) -> None:
    entries = '<w:listEntry w:val="Red"/><w:listEntry w:val="Amber"/>'
    listed = f'<w:ffData><w:ddList><w:result w:val="1"/>{entries}</w:ddList></w:ffData>'
    assert (
        the_update(city(tmp_path / "a.docx", f"<w:p>{field(listed, code=' FORMDROPDOWN ')}</w:p>")) == "Amber"
    )


@pytest.mark.parametrize(("value", "sign"), [("1", "☑"), ("0", "☐")])
def test_an_old_check_box_is_read(tmp_path: Path, value: str, sign: str) -> None:
    box = f'<w:ffData><w:checkBox><w:checked w:val="{value}"/></w:checkBox></w:ffData>'
    path = city(tmp_path / "a.docx", f"<w:p>{field(box, code=' FORMCHECKBOX ')}{run(' visits')}</w:p>")
    assert the_update(path) == f"{sign} visits"


@pytest.mark.parametrize("where", ["in a line", "round a line"])
def test_a_hint_what_to_fill_in_is_named_and_not_read(tmp_path: Path, where: str) -> None:
    inner = run("Click to enter text")
    inner = inner if where == "in a line" else f"<w:p>{inner}</w:p>"
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    lines = [f"<w:p>{control}{run('Done')}</w:p>"] if where == "in a line" else [control, "Done"]
    path = city(tmp_path / "a.docx", lines)
    assert the_update(path) == "Done"
    assert (
        "Hints what to fill in, and left out: “Click to enter text” (table 1, row 2"
        in read_word(path).report.as_text()
    )


# ---------------------------------------------------------------------------------- colours, links, strokes


def test_a_colour_that_is_all_a_cell_says_is_named(tmp_path: Path) -> None:
    path = plan_document(
        tmp_path / "a.docx",
        [["1a: Safe", "Visit", ""], ["1b: Well", "Call", ""]],
        ["Outcomes", "Key actions", "RAG"],
    )
    xml = part(path, "word/document.xml")
    head, _, last = xml.rpartition("<w:tcPr>")
    head, _, middle = head.rpartition("<w:tcPr>")
    head, _, middle2 = head.rpartition("<w:tcPr>")
    head, _, first = head.rpartition("<w:tcPr>")
    red, green = (
        '<w:tcPr><w:shd w:val="clear" w:fill="FF0000"/>',
        '<w:tcPr><w:shd w:val="clear" w:fill="00B050"/>',
    )
    xml = f"{head}{red}{first}<w:tcPr>{middle2}<w:tcPr>{middle}{green}{last}"
    report = read_word(with_parts(path, {"word/document.xml": xml})).report.as_text()
    assert "Colours are not read" in report
    assert (
        "“red” (table 1, row 2, column “RAG”)" in report
        and "“green” (table 1, row 3, column “RAG”)" in report
    )


def test_addresses_of_links_in_titles_and_leads_are_kept(tmp_path: Path) -> None:
    def linked(words: str, address: str) -> str:
        result = "<w:r><w:fldChar w:fldCharType='separate'/></w:r>" + run(words)
        code = f" HYPERLINK &quot;{address}&quot; "
        return f"<w:p>{field('', result, code)}</w:p>"

    rows = [
        [
            linked("1a: Safe", "https://one.example/x"),
            linked("Visits", "https://two.example"),
            "Done",
            linked("Oak Council", "https://three.example"),
        ]
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows))
    assert lost(found, "https://one.example/x", "https://two.example", "https://three.example") == []


def test_words_struck_out_are_named_and_not_live(tmp_path: Path) -> None:
    strike = "<w:strike/>"
    actions = [
        f"<w:p>{run('1. Train ')}{run('200', strike)}{run(' 150 staff')}</w:p>",
        f"<w:p>{run('2. Withdrawn', strike)}</w:p>",
        "3. Print",
    ]
    path = plan_document(
        tmp_path / "a.docx",
        [["1a: Safe", actions, ["May 2020", "June 2020", "July 2020"]]],
        ["Outcomes", "Key actions", "By when"],
    )
    found = read_word(path)
    made = found.plan["priorities"][0]["outcomes"][0]["actions"]
    assert [(a["number"], a["text"], a["due"]) for a in made] == [
        ("1", "Train 150 staff", "May 2020"),
        ("3", "Print", "July 2020"),
    ]
    report = found.report.as_text()
    assert "Struck out in Word, and left out: “200”" in report and "“2. Withdrawn”" in report


@pytest.mark.parametrize("properties", ["<w:dstrike/>", '<w:strike w:val="1"/>'])
def test_a_row_whose_action_is_struck_out_has_no_action(tmp_path: Path, properties: str) -> None:
    rows = [["1a: Safe", "Visit", "May 2020"], ["", f"<w:p>{run('Call', properties)}</w:p>", "June 2020"]]
    found = read_word(plan_document(tmp_path / "a.docx", rows, ["Outcomes", "Key actions", "By when"]))
    made = found.plan["priorities"][0]["outcomes"][0]["actions"]
    assert [(a["text"], a["due"]) for a in made] == [("Visit", "May 2020")]
    assert lost(found, "June 2020", "Call") == []


@pytest.mark.parametrize(
    "tick",
    [
        run("ü", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
        run("\uf0fc", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
        run("P", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'),
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
        '<w:r><w:sym w:font="Wingdings 2" w:char="F050"/></w:r>',
    ],
)
def test_a_tick_in_a_symbol_font_is_a_tick(tmp_path: Path, tick: str) -> None:
    assert the_update(city(tmp_path / "a.docx", f"<w:p>{run('Leaflet ')}{tick}</w:p>")) == "Leaflet ✓"
    assert the_update(city(tmp_path / "b.docx", f"<w:p>{tick}{run(' Leaflet')}</w:p>")) == "✓ Leaflet"
