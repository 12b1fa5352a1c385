"""Who is written beside changes: the name that a person has given. The account's is nobody's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Editor

#: Who is written beside changes where nobody has given a name.
NOT_NAMED: Final = "Not named"

_OF_THIS_SITTING = "FROM step WHERE author = ? AND seq > ?"


def said_name(author: str) -> str | None:
    """A name as it is shown to others; None where nobody has given one."""
    return None if author == NOT_NAMED else author


def give_name(editor: Editor, name: str) -> None:
    """Write ``name`` beside changes from now on, and beside those that nobody has signed and that have not
    left this machine.
    """
    editor.author = name
    if editor.read_only:
        return
    sealed = int(editor.meta("sealed_step") or 0)
    editor.session.rollback()
    connection = editor.session.connection()
    unsigned = (NOT_NAMED, sealed)
    if connection.exec_driver_sql(f"SELECT 1 {_OF_THIS_SITTING} LIMIT 1", unsigned).first() is not None:
        connection.exec_driver_sql(
            f"UPDATE change SET author = ? WHERE author = ? AND step IN (SELECT id {_OF_THIS_SITTING})",
            (name, NOT_NAMED, *unsigned),
        )
        connection.exec_driver_sql(
            "UPDATE step SET author = ? WHERE author = ? AND seq > ?", (name, *unsigned)
        )
    editor.session.commit()
