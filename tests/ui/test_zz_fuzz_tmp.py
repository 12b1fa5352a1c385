from hypothesis import given, settings, strategies as st, HealthCheck
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from cypp_desktop.plan.blocks import normal, parse, render, plain_text
from cypp_desktop.ui.richtext.editor import RichTextEdit
from cypp_desktop.ui.richtext.document import placed_lines, document_to_blocks
from cypp_desktop.ui.richtext.outline import marks
from tests.strategies import BLOCKS
from tests.ui.test_richtext_editor import Typist, KEYS, BACK
Key=Qt.Key
ACTS=["bullets","numbers","indent","outdent","heading","bold","table","add_row","add_column","remove_row","remove_column","remove_table"]
STEP=st.one_of(st.sampled_from([*KEYS," ",BACK,Key.Key_Delete]), st.sampled_from(ACTS).map(lambda a:("act",a)), st.tuples(st.just("sel"),st.integers(0,80),st.integers(0,80)), st.tuples(st.just("paste"),BLOCKS), st.just(("undo",)), st.just(("redo",)))
@given(BLOCKS, st.lists(STEP,max_size=14))
@settings(max_examples=400, deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))
def test_fuzz(qtbot, blocks, steps):
    e=RichTextEdit(); qtbot.addWidget(e); e.set_markdown(render(blocks)); t=Typist(qtbot,e)
    for s in steps:
        lossless=False
        before=sorted("".join(plain_text(e.blocks()).split()))
        if isinstance(s,tuple) and s[0]=="act":
            a=getattr(e.actions_of_text,s[1])
            if a.isEnabled(): a.trigger()
            lossless=not s[1].startswith("remove")
        elif isinstance(s,tuple) and s[0]=="sel":
            c=e.area.textCursor(); c.movePosition(QTextCursor.MoveOperation.Start); c.movePosition(QTextCursor.MoveOperation.Right,n=s[1]); 
            p=c.position(); c.movePosition(QTextCursor.MoveOperation.Start); c.movePosition(QTextCursor.MoveOperation.Right,n=s[2]); q=c.position()
            c.setPosition(p); c.setPosition(q,QTextCursor.MoveMode.KeepAnchor); e.area.setTextCursor(c); lossless=True
        elif isinstance(s,tuple) and s[0]=="paste":
            from cypp_desktop.ui.richtext.clipboard import mime_from_blocks
            e.area.insertFromMimeData(mime_from_blocks(normal(s[1])))
        elif isinstance(s,tuple) and s[0]=="undo": e.area.undo()
        elif isinstance(s,tuple) and s[0]=="redo": e.area.redo()
        else:
            sel=e.area.textCursor().hasSelection()
            t(s)
            lossless = (s not in (BACK, Key.Key_Delete)) and s!="x" and not sel and s!=" "
        got=e.blocks()
        assert parse(render(got))==got
        if lossless: 
            after=sorted("".join(plain_text(got).split()))
            assert after==before, s
        e.area.createMimeDataFromSelection()
    e.grab()
    while e.area.document().isUndoAvailable(): e.area.undo()
    assert e.blocks()==normal(blocks)
