"""Texts in the editor's document: what goes in comes out."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.blocks import Block, Paragraph, Span, normal
from cypp_desktop.ui.richtext.document import blocks_to_document, document_to_blocks
from cypp_desktop.ui.richtext.outline import flatten, unflatten
from tests.strategies import BLOCKS


@given(BLOCKS)
@settings(max_examples=100, deadline=None)
def test_lines_of_a_text_make_the_same_text(blocks: tuple[Block, ...]) -> None:
    proper = normal(blocks)
    assert unflatten(flatten(proper)) == proper


@given(BLOCKS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example((Paragraph((Span("a\u2028b\u2029c\ufdd0d\ufdd1e\ufffcf\ufffdg\U0001f600"),)),))
def test_a_document_gives_back_the_blocks_it_was_filled_with(qtbot: QtBot, blocks: tuple[Block, ...]) -> None:
    proper = normal(blocks)
    document = QTextDocument()
    blocks_to_document(proper, document)
    assert document_to_blocks(document) == proper
    assert not document.isUndoAvailable()
