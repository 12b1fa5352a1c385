"""What leaves with a print is what stands on its pages: the data put into a PDF, metadata, HTML and Word."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from cypp_desktop.exchange.plan_json import to_text, write_plan
from cypp_desktop.plan.blocks import parse
from cypp_desktop.plan.model import Organisation, Priority, Update
from cypp_desktop.report.layouts import LAYOUTS, find_layout
from cypp_desktop.report.layouts.columns import COLUMNS
from cypp_desktop.report.layouts.saved import read_layout
from cypp_desktop.report.output import print_paper
from cypp_desktop.report.packs import PACKS, find_pack, pack_paper
from cypp_desktop.report.paper import Paper
from cypp_desktop.report.paper_builder import layout_paper
from cypp_desktop.report.printed_data import printed_data
from tests.report.conforming import faults
from tests.report.marked import (
    MarkedPlan,
    everything_in_pdf,
    marks_in,
    marks_on_pages,
    parts_of_word,
    words_of_document,
    words_of_page,
)
from tests.report.pdf_structure import attached
from tests.report.plans import everything
from tests.report.printing import PrintedPlan, wished

PRINTS = (*LAYOUTS, "Ours", *PACKS, "Meeting")
HISTORY = ("changes", "conflicts")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> MarkedPlan:
    return MarkedPlan(tmp_path_factory.mktemp("marked"))


def paper_of(plan: PrintedPlan, name: str, **wanted: Any) -> Paper:
    session = plan.editor.session
    if name in (*PACKS, "Meeting"):
        return pack_paper(session, find_pack(session, name), wished(**wanted))
    return layout_paper(session, find_layout(session, name), wished(**wanted))


def made(plan: PrintedPlan, paper: Paper, ending: str = "pdf", *, data: bool = False) -> bytes:
    out = plan.folder / f"print.{ending}"
    print_paper(
        paper, out, attachments=printed_data(plan.editor.session, paper) if data else (), made_from=None
    )
    return out.read_bytes()


def data_in(pdf: bytes) -> str:
    return attached(pdf)["plan.json"].decode("utf-8")


def filters(plan: MarkedPlan) -> dict[str, dict[str, Any]]:
    session = plan.editor.session
    trust = session.query(Organisation).order_by(Organisation.sort_key).all()[-1]
    safety = session.query(Priority).order_by(Priority.sort_key).all()[-1]
    return {
        "all of it": {},
        "one organisation": {"organisation": trust.id},
        "one priority": {"priorities": frozenset((safety.id,))},
        "red only": {"rag": frozenset(("red",))},
        "since a day": {"since": "2018-01-01"},
    }


@pytest.mark.parametrize(
    "which",
    [
        "all of it",
        "one organisation",
        *(
            pytest.param(which, marks=pytest.mark.slow)
            for which in ("one priority", "red only", "since a day")
        ),
    ],
)
@pytest.mark.parametrize("name", PRINTS)
def test_no_word_is_in_a_pdf_that_is_not_on_its_pages(marked: MarkedPlan, name: str, which: str) -> None:
    paper = paper_of(marked, name, **filters(marked)[which])
    bare = made(marked, paper)
    assert attached(bare) == {}
    assert marks_in(everything_in_pdf(bare)) <= marks_on_pages(bare)
    full = made(marked, paper, data=True)
    on_pages = marks_on_pages(full)
    assert marks_in(data_in(full)) <= on_pages
    assert marks_in(everything_in_pdf(full)) <= on_pages
    assert "unseen" not in everything_in_pdf(full)
    assert faults(full) == []


@pytest.mark.parametrize("name", [name for name in (*LAYOUTS, "Ours") if name not in HISTORY])
def test_what_stands_on_the_pages_is_in_the_data(marked: MarkedPlan, name: str) -> None:
    pdf = made(marked, paper_of(marked, name), data=True)
    missing = marks_on_pages(pdf) - marks_in(data_in(pdf))
    assert {marked.places[mark] for mark in missing} == set()


@pytest.mark.parametrize(
    ("base", "column"),
    [
        *(("update", column) for column in COLUMNS),
        *(
            (base, column.key)
            for base, layout in LAYOUTS.items()
            if layout.records
            for column in layout.columns
        ),
    ],
)
def test_a_column_by_itself_carries_its_own_words_only(marked: MarkedPlan, base: str, column: str) -> None:
    layout = read_layout("Own", {"based_on": base, "columns": [column]})
    pdf = made(marked, layout_paper(marked.editor.session, layout, wished()), data=True)
    on_pages = marks_on_pages(pdf)
    assert marks_in(everything_in_pdf(pdf)) <= on_pages
    missing = on_pages - marks_in(data_in(pdf))
    assert base in HISTORY or {marked.places[mark] for mark in missing} == set()


@pytest.mark.parametrize("name", ["placeholders", "board"])
def test_of_a_list_with_a_placeholder_only_that_goes_along(name: str, tmp_path: Path) -> None:
    plan = MarkedPlan(tmp_path, "Placeholder for {}")
    pdf = made(plan, paper_of(plan, name), data=True)
    on_pages = marks_on_pages(pdf)
    assert {"strategic_plans", "source", "definition", "note"} <= {plan.places[mark][1] for mark in on_pages}
    assert marks_in(everything_in_pdf(pdf)) <= on_pages


@pytest.mark.parametrize("name", PRINTS)
def test_no_word_is_in_a_web_page_or_a_word_file_that_cannot_be_read_there(
    marked: MarkedPlan, name: str
) -> None:
    paper = paper_of(marked, name)
    page = made(marked, paper, "html")
    assert marks_in(page.decode("utf-8")) <= marks_in(words_of_page(page))
    document = made(marked, paper, "docx")
    parts = parts_of_word(document)
    assert marks_in(" ".join(parts.values())) <= marks_in(words_of_document(document))
    assert not [part for part in parts if "comments" in part]
    assert "unseen" not in page.decode("utf-8") + " ".join(parts.values())


@pytest.mark.parametrize("name", PRINTS)
def test_a_file_names_the_program_and_whom_its_pages_name_and_nobody_else(
    marked: MarkedPlan, name: str
) -> None:
    paper = paper_of(marked, name)
    with pikepdf.open(BytesIO(made(marked, paper))) as pdf:
        said = {str(key): str(value) for key, value in pdf.docinfo.items()}
    assert set(said) <= {"/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer"}
    assert (said["/Creator"], said["/Producer"]) == ("CYPP Desktop", "CYPP Desktop")
    assert said.get("/Author", "") == paper.author
    core = parts_of_word(made(marked, paper, "docx"))["docProps/core.xml"]
    assert str(marked.folder) not in core
    assert "python-docx" not in core


@pytest.mark.parametrize("ending", ["html", "docx", "pdf"])
def test_no_table_is_called_what_an_officer_calls_a_layout_that_no_page_names(
    ending: str, tmp_path: Path
) -> None:
    nameless = {"outcomes": [{"title": "Good health", "measures": [{"title": "Smoking"}]}]}
    plan = PrintedPlan({"title": "Town Plan", "priorities": [nameless]}, tmp_path)
    layout = read_layout("zqname", {"based_on": "update", "title": "zqtitle"})
    data = made(plan, layout_paper(plan.editor.session, layout, wished()), ending)
    readings = {
        "html": lambda: data.decode("utf-8"),
        "docx": lambda: " ".join(parts_of_word(data).values()),
        "pdf": lambda: everything_in_pdf(data),
    }
    assert "zq" not in readings[ending]()


@pytest.mark.parametrize("name", PRINTS)
def test_the_data_opens_as_a_plan_of_what_was_printed(marked: MarkedPlan, name: str, tmp_path: Path) -> None:
    given = data_in(made(marked, paper_of(marked, name), data=True))
    again = PrintedPlan(json.loads(given), tmp_path)
    assert write_plan(again.editor.session) == given
    assert to_text(json.loads(given)) == given


def test_the_data_of_an_update_is_its_table(tmp_path: Path) -> None:
    plan = PrintedPlan(everything(), tmp_path)
    content = json.loads(data_in(made(plan, paper_of(plan, "update"), data=True)))
    outcome = content["priorities"][0]["outcomes"][0]
    assert content["title"] == "Town Plan 2017"
    measures = [one["title"] for one in outcome["measures"]]
    assert measures == ["Smoking at delivery", "Vaccinated by two", "TBC"]
    assert [(one["round"], one["measures"]) for one in outcome["updates"]] == [("Year end", ["i"])]
    assert outcome["measures"][0]["leads"][0]["people"] == ["A. Person"]
    assert outcome["measures"][0]["observations"] == []
    assert outcome["actions"] == []
    assert outcome["governance_groups"] == []
    assert "status" not in content or content["status"] is None


def test_the_data_of_a_filtered_print_is_what_the_filter_leaves(tmp_path: Path) -> None:
    plan = PrintedPlan(everything(), tmp_path)
    trust = plan.editor.session.query(Organisation).filter_by(name="Health Trust").one()
    paper = paper_of(plan, "scorecard", organisation=trust.id)
    content = json.loads(data_in(made(plan, paper, data=True)))
    (priority,) = content["priorities"]
    (outcome,) = priority["outcomes"]
    assert [one["title"] for one in outcome["measures"]] == ["Vaccinated by two"]
    values = [(one["kind"], one["value"]) for one in outcome["measures"][0]["observations"]]
    assert values == [("actual", 91.0), ("target", 95.0)]


def test_an_update_without_a_measure_column_names_no_measure(tmp_path: Path) -> None:
    plan = PrintedPlan(everything(), tmp_path)
    layout = read_layout("Own", {"based_on": "update", "columns": ["update"]})
    paper = layout_paper(plan.editor.session, layout, wished())
    content = json.loads(data_in(made(plan, paper, data=True)))
    outcome = content["priorities"][0]["outcomes"][0]
    assert (outcome["code"], outcome["title"], outcome["measures"]) == (None, "", [])
    assert outcome["updates"][0]["measures"] == []
    text = plan.editor.session.query(Update).one().text
    assert parse(outcome["updates"][0]["text"]) == parse(text)
