"""Word's wrappings: whatever words are wrapped in, they come through, and only the words that count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx.document import Document

from cypp_desktop.exchange.word import WordImport, read_word
from tests.exchange.word_raw import SPACES, city, paragraph, part, plan_document, raw, run, with_parts
from tests.exchange.word_writer import numbering


def update_of(found: WordImport) -> str:
    text = found.plan["priorities"][0]["outcomes"][0]["updates"][0]["text"]
    assert isinstance(text, str)
    return text


def outcome_of(found: WordImport) -> dict[str, Any]:
    outcome: dict[str, Any] = found.plan["priorities"][0]["outcomes"][0]
    return outcome


CHANGE = 'w:id="1" w:author="A" w:date="2020-01-01T00:00:00Z"'


def field(code: str, result: str) -> str:
    """A field with its code, and what Word shows of it."""
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    return f"{begin}<w:r><w:instrText> {code} </w:instrText></w:r>{separate}{result}{end}"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            f"{run('Numbers ')}<w:ins {CHANGE}>{run('rose')}</w:ins><w:del {CHANGE}><w:r>"
            "<w:delText>fell</w:delText></w:r></w:del>",
            "Numbers rose",
        ),
        (
            f"<w:moveFrom {CHANGE}>{run('Moved away. ')}</w:moveFrom>{run('Stays. ')}<w:moveTo "
            f"{CHANGE}>{run('Moved here.')}</w:moveTo>",
            "Stays. Moved here.",
        ),
        (
            f"{run('In ')}<w:sdt><w:sdtPr/><w:sdtContent>{run('a control')}</w:sdtContent>"
            f"</w:sdt>{run(' too')}",
            "In a control too",
        ),
        (
            f"{run('Not ')}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
            f"<w:sdtContent>{run('Click here')}</w:sdtContent></w:sdt>{run('prompts')}",
            "Not prompts",
        ),
        (f"<w:smartTag w:element='place'>{run('Ashby')}</w:smartTag>{run(' ward')}", "Ashby ward"),
        (f"<w:fldSimple w:instr=' DATE '>{run('1 May 2020')}</w:fldSimple>", "1 May 2020"),
        (
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> REF figure </w:instrText></w:r>"
            f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('Figure 3')}<w:r><w:fldChar "
            f"w:fldCharType='end'/></w:r>{run(' shows')}",
            "Figure 3 shows",
        ),
        (
            field("IF 1 = 1", field("HYPERLINK &quot;https://example.org&quot;", run("See")) + run(" it"))
            + run(" here"),
            "[See](https://example.org) it here",
        ),
        (f"{run('Rates ')}<w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>{run(' 5')}", "Rates ≥ 5"),
        (
            f"{run('self')}<w:r><w:noBreakHyphen/></w:r>{run('harm is co')}<w:r><w:softHyphen/>"
            f"</w:r>{run('ordinated')}",
            "self-harm is coordinated",
        ),
        (f"{run('One')}<w:r><w:br/></w:r>{run('two')}", "One\ntwo"),
        (f"{run('One')}<w:r><w:tab/></w:r>{run('two')}", "One two"),
        (f"{run('Seen')}{run(' not', '<w:vanish/>')}{run(' heard')}", "Seen heard"),
        (
            f"{run('Half ')}{run('bold', '<w:b/>')}{run(' and ')}{run('slanted', '<w:i/>')}",
            "Half **bold** and *slanted*",
        ),
        (run("Not bold", '<w:b w:val="0"/>'), "Not bold"),
        (run("By style", '<w:rStyle w:val="Strong"/>'), "**By style**"),
        (run("Performance update", '<w:u w:val="single"/>'), "**Performance update**"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>Base</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r>",
            "Base",
        ),
    ],
    ids=[
        "tracked insertion and deletion",
        "tracked move",
        "content control",
        "prompt of a content control",
        "smart tag",
        "simple field",
        "field with a code",
        "link within a field",
        "symbol",
        "hyphens",
        "line break",
        "tab",
        "hidden text",
        "bold and italics",
        "bold switched off",
        "bold by a style",
        "underlined sub-heading",
        "ruby",
    ],
)
def test_words_keep_what_counts(inner: str, expected: str, tmp_path: Path) -> None:
    assert update_of(read_word(city(tmp_path / "a.docx", paragraph(inner)))) == expected


@pytest.mark.parametrize(
    ("char", "sign"),
    [("F0B7", "•"), ("B7", "•"), ("2192", "→"), ("FFFE", "•"), ("D800", "•"), ("-1", "•"), ("zz", "•")],
)
def test_a_sign_that_no_text_can_hold_becomes_a_bullet(char: str, sign: str, tmp_path: Path) -> None:
    inner = f"{run('Rates ')}<w:r><w:sym w:font='Symbol' w:char='{char}'/></w:r>{run(' here')}"
    assert update_of(read_word(city(tmp_path / "a.docx", paragraph(inner)))) == f"Rates {sign} here"


def test_hidden_words_are_kept_as_a_note(tmp_path: Path) -> None:
    found = read_word(city(tmp_path / "a.docx", paragraph(run("Seen") + run("unseen", "<w:vanish/>"))))
    assert "Hidden in Word: unseen" in found.plan["notes"]


def test_paragraphs_run_together_where_the_mark_between_them_is_deleted(tmp_path: Path) -> None:
    first = f"<w:p><w:pPr><w:rPr><w:del {CHANGE}/></w:rPr></w:pPr>{run('One sentence ')}</w:p>"
    found = read_word(city(tmp_path / "a.docx", [first, "goes on."]))
    assert update_of(found) == "One sentence goes on."


def test_a_row_whose_deletion_is_tracked_is_gone(tmp_path: Path) -> None:
    path = plan_document(
        tmp_path / "a.docx",
        [["1a: Safe", "i) Plans", "Fewer plans", "Police"], ["", "ii) Old measure", "Old words", "Police"]],
    )
    xml = part(path, "word/document.xml")
    last = xml.rindex("<w:tr>")
    xml = xml[:last] + f"<w:tr><w:trPr><w:del {CHANGE}/></w:trPr>" + xml[last + len("<w:tr>") :]
    found = read_word(with_parts(path, {"word/document.xml": xml}))
    assert [m["code"] for m in outcome_of(found)["measures"]] == ["i"]


def test_a_link_keeps_its_words_and_its_address(tmp_path: Path) -> None:
    def link(document: Document) -> None:
        document.part.relate_to(
            "https://example.org/plan",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
            is_external=True,
        )

    path = city(tmp_path / "a.docx", "PLACE", before=link)
    rels = part(path, "word/_rels/document.xml.rels")
    identity = rels[: rels.index("https://example.org")].rsplit('Id="', 1)[-1] if 'Id="' in rels else ""
    identity = next(
        piece.split('"')[0] for piece in rels.split('Id="')[1:] if "example.org" in piece.split("/>")[0]
    )
    xml = part(path, "word/document.xml").replace(
        "<w:r><w:t>PLACE</w:t></w:r>",
        '<w:hyperlink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        f'r:id="{identity}">'
        f"{run('the plan')}</w:hyperlink>{run(' and ')}<w:hyperlink "
        f"w:anchor='x'>{run('below')}</w:hyperlink>",
    )
    found = read_word(with_parts(path, {"word/document.xml": xml}))
    assert update_of(found) == "[the plan](https://example.org/plan) and below"


def test_a_footnote_stands_under_its_text(tmp_path: Path) -> None:
    path = city(
        tmp_path / "a.docx",
        paragraph(run("As agreed") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(".")),
    )
    rels = part(path, "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        '<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
        ' Target="footnotes.xml"/></Relationships>',
    )
    note = f'<w:footnote w:id="2">{paragraph(run("By the board in May"))}</w:footnote>'
    notes = f"<w:footnotes {SPACES}>{note}</w:footnotes>"
    found = read_word(with_parts(path, {"word/_rels/document.xml.rels": rels, "word/footnotes.xml": notes}))
    assert update_of(found) == "As agreed[^1].\n\n[^1]: By the board in May"


COMMENTED = '<w:r><w:commentReference w:id="0"/></w:r>'


def with_comment(path: Path) -> WordImport:
    """The plan of a document whose one comment asks something."""
    rels = part(path, "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        '<Relationship Id="rIdC" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"'
        ' Target="comments.xml"/></Relationships>',
    )
    note = f'<w:comment w:id="0" w:author="Ann">{paragraph(run("Is this so?"))}</w:comment>'
    notes = f"<w:comments {SPACES}>{note}</w:comments>"
    return read_word(with_parts(path, {"word/_rels/document.xml.rels": rels, "word/comments.xml": notes}))


def test_a_comment_on_the_heading_of_a_priority_is_a_note(tmp_path: Path) -> None:
    def heading(document: Document) -> None:
        document.add_heading("Priority 1. Being safe", 1)._p.append(raw(COMMENTED))

    found = with_comment(city(tmp_path / "a.docx", "Done", before=heading, priority=None))
    assert found.plan["priorities"][0]["title"] == "Being safe"
    assert [note for note in found.plan["notes"] if "Comment by Ann: Is this so?" in note] != []


def test_a_comment_in_the_margin_is_a_note_on_its_row(tmp_path: Path) -> None:
    found = with_comment(city(tmp_path / "a.docx", paragraph(run("Done") + COMMENTED)))
    assert found.plan["notes"] == ["On 1/1a/i: Comment by Ann: Is this so?"]
    assert update_of(found) == "Done"


def test_a_text_box_gives_its_words_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent><w:p>{run('In the box')}</w:p></w:txbxContent>"
    shape = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic>"
        "<a:graphicData>"
        f"<wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    found = read_word(city(tmp_path / "a.docx", paragraph(run("Beside it.") + shape)))
    assert update_of(found) == "Beside it.\n\nIn the box"


def test_a_picture_is_counted_in_the_report(tmp_path: Path) -> None:
    found = read_word(
        city(tmp_path / "a.docx", paragraph(run("See") + "<w:r><w:drawing><wp:inline/></w:drawing></w:r>"))
    )
    assert any("Pictures" in remark for remark in found.report.remarks)


def test_controls_around_rows_and_cells_are_looked_through(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Inside")
    xml = part(path, "word/document.xml")
    at, end = xml.rindex("<w:tr>"), xml.rindex("</w:tr>") + len("</w:tr>")
    row = xml[at:end]
    cell_end = row.index("</w:tc>") + len("</w:tc>")
    cell_start = row.index("<w:tc>")
    row = (
        row[:cell_start]
        + "<w:sdt><w:sdtContent>"
        + row[cell_start:cell_end]
        + "</w:sdtContent></w:sdt>"
        + row[cell_end:]
    )
    xml = xml[:at] + "<w:sdt><w:sdtContent>" + row + "</w:sdtContent></w:sdt>" + xml[end:]
    found = read_word(with_parts(path, {"word/document.xml": xml}))
    assert outcome_of(found)["code"] == "1a"
    assert update_of(found) == "Inside"


def test_a_contents_list_is_not_taken_for_headings(tmp_path: Path) -> None:
    def contents(document: Document) -> None:
        from tests.exchange.word_raw import raw

        entries = "".join(paragraph(run(f"Priority {n}. Title {n} ..... {n}")) for n in (1, 2))
        document.element.body.insert(
            1,
            raw(
                '<w:sdt ><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
                "</w:docPartObj></w:sdtPr>"
                f"<w:sdtContent>{entries}</w:sdtContent></w:sdt>"
            ),
        )

    found = read_word(city(tmp_path / "a.docx", "Words", before=contents))
    assert [p["title"] for p in found.plan["priorities"]] == ["Being safe"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["• One", "• Two"], "- One\n- Two"),
        (["•\tOne", "o\tNested", "•\tTwo"], "- One\n  - Nested\n- Two"),
        (["\uf0b7 One", "\uf0a7 Nested", "\uf0b7 Two"], "- One\n  - Nested\n- Two"),
        (["- One", "- Two"], "- One\n- Two"),
        (["– One", "– Two"], "- One\n- Two"),
        (["• One • Two • Three"], "- One\n- Two\n- Three"),
        (["Before:\n• One\n• Two"], "Before:\n\n- One\n- Two"),
        (["1. One", "• Under", "2. Two"], "1. One\n   - Under\n2. Two"),
        (["1) One", "2) Two"], "1. One\n2. Two"),
        (["4.Four", "5.Five"], "4. Four\n5. Five"),
        (["2.5 years is the age", "2016 was better"], "2.5 years is the age\n\n2016 was better"),
        (["A*-C grades rose", "* starred"], "A*-C grades rose\n\n- starred"),
        (["-5% on last year"], "-5% on last year"),
        (["• One:", "loose words", "• Two"], "- One:\n\n  loose words\n\n- Two"),
    ],
)
def test_typed_marks_become_lists(lines: list[str], expected: str, tmp_path: Path) -> None:
    from cypp_desktop.plan.blocks import parse

    assert parse(update_of(read_word(city(tmp_path / "a.docx", lines)))) == parse(expected)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("decimal", "%1.", "1. One\n2. Two"),
        ("lowerLetter", "%1)", "1. One\n2. Two"),
        ("lowerRoman", "(%1)", "1. One\n2. Two"),
        ("bullet", "\uf0b7", "- One\n- Two"),
        ("bullet", "o", "- One\n- Two"),
    ],
)
def test_lists_of_words_own_become_lists(form: str, text: str, expected: str, tmp_path: Path) -> None:
    holder: list[int] = []

    def lists(document: Document) -> None:
        holder.append(numbering(document, [form], [text]))

    path = city(tmp_path / "a.docx", ["ONE", "TWO"], before=lists)
    xml = part(path, "word/document.xml")
    mark = f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{holder[0]}"/></w:numPr></w:pPr>'
    for word in ("One", "Two"):
        xml = xml.replace(f"<w:p><w:r><w:t>{word.upper()}</w:t>", f"<w:p>{mark}<w:r><w:t>{word}</w:t>")
    assert update_of(read_word(with_parts(path, {"word/document.xml": xml}))) == expected


@pytest.mark.parametrize(
    ("form", "text", "code"),
    [("lowerRoman", "%1)", "ii"), ("lowerLetter", "%1.", "b"), ("decimal", "1.%1", "1.2")],
)
def test_codes_that_word_counts_are_codes(form: str, text: str, code: str, tmp_path: Path) -> None:
    holder: list[int] = []
    rows = [["1a: Safe", "FIRST", "Text one", "Police"], ["", "SECOND", "Text two", "Police"]]
    path = plan_document(
        tmp_path / "a.docx", rows, before=lambda d: holder.append(numbering(d, [form], [text]))
    )
    xml = part(path, "word/document.xml")
    mark = f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{holder[0]}"/></w:numPr></w:pPr>'
    for word in ("First", "Second"):
        xml = xml.replace(f"<w:p><w:r><w:t>{word.upper()}</w:t>", f"<w:p>{mark}<w:r><w:t>{word}</w:t>")
    measure = outcome_of(read_word(with_parts(path, {"word/document.xml": xml})))["measures"][1]
    assert (measure["code"], measure["title"]) == (code, "Second")


def test_documents_of_the_strict_format_are_read(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Words")
    xml = part(path, "word/document.xml").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert update_of(read_word(with_parts(path, {"word/document.xml": xml}))) == "Words"


def test_a_small_table_in_a_cell_becomes_a_table_of_the_text(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in cells) + "</w:tr>"

    grid = "<w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
    headed = f"<w:tbl>{grid}{row('Ward', 'Rate')}{row('Ashby', '12%')}</w:tbl>"
    found = read_word(city(tmp_path / "a.docx", ["Before", headed]))
    assert update_of(found) == "Before\n\n| Ward | Rate |\n| --- | --- |\n| Ashby | 12% |"
    bare = f"<w:tbl>{grid}{row('2019', '1,204')}{row('2018', '1,150')}</w:tbl>"
    found = read_word(city(tmp_path / "b.docx", ["Before", bare]))
    assert update_of(found) == "Before\n\n|  |  |\n| --- | --- |\n| 2019 | 1,204 |\n| 2018 | 1,150 |"
