"""What a person does to rows in the tree, as commands of the store. No Qt.

Rows are named by (row type, id). A section is a line in one list, and its depth makes it stand in
another: so here a section is always moved, copied and deleted together with those that stand in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.model import Person, Section
from cypp_desktop.store import commands
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.short_names import short_names

RowKey = tuple[str, str]


class TreeEdits:
    """The edits of the tree on one plan. Every method raises CyppError where the edit is refused."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor

    def add(self, row_type: str, parent: RowKey | None, after: str | None = None) -> str:
        """Add a row without a title to ``parent`` (None: the plan), after a row or at the end; its id."""
        cls = row_classes()[row_type]
        if cls is Section:
            return self._add_section(parent, after)
        before = self._row((row_type, after)) if after else None
        return commands.add_row(self.editor, cls, self._row(parent) if parent else None, after=before).id

    def rename(self, key: RowKey, title: str) -> None:
        """Give a row another title or name; a person known only by a post gets another post."""
        row = self._row(key)
        field = "name" if key[0] in ("organisation", "person", "round") else "title"
        if isinstance(row, Person) and not row.name and row.post:
            field = "post"
        commands.set_field(self.editor, row, field, title or None, sitting=True)

    def delete(self, keys: Sequence[RowKey]) -> str:
        """Delete rows with all that stands in them; gives what was deleted, in words."""
        rows = self._whole(keys)
        words = short_names(rows)
        commands.delete_rows(self.editor, rows)
        return words

    def duplicate(self, keys: Sequence[RowKey]) -> list[str]:
        """Copy rows, each copy after its original; gives the ids of the copies."""
        rows = [self._row(key) for key in keys]
        sections = [row for row in rows if isinstance(row, Section)]
        others = [row for row in rows if not isinstance(row, Section)]
        if not sections:
            return [copy.id for copy in commands.duplicate_rows(self.editor, rows)]
        copies = []
        with self.editor.step(f"Duplicate {short_names(rows)}"):
            if others:
                copies += [copy.id for copy in commands.duplicate_rows(self.editor, others)]
            copies += [self._duplicate_section(section) for section in sections]
        return copies

    def _duplicate_section(self, section: Section) -> str:
        """Copy a section and those that stand in it, after the last of them; gives the id of its copy."""
        block = self._block(section)
        copied = commands.duplicate_rows(self.editor, block)
        self.editor.session.flush()
        staying = [row for row in self._sections() if row not in copied]
        commands.move_rows(self.editor, copied, None, staying.index(block[-1]) + 1)
        return copied[0].id

    def move(self, keys: Sequence[RowKey], parent: RowKey | None, before: str | None) -> None:
        """Move rows of one type into ``parent`` (None: the plan), before one of its rows or to the end."""
        rows = [self._row(key) for key in keys]
        if isinstance(rows[0], Section):
            self._move_sections([row for row in rows if isinstance(row, Section)], parent, before)
            return
        into = self._row(parent) if parent else None
        staying = [row for row in commands.siblings(self.editor, type(rows[0]), into) if row not in rows]
        commands.move_rows(self.editor, rows, into, _place_of(before, staying))

    # ------------------------------------------------------------------ sections

    def _sections(self) -> list[Section]:
        return commands.siblings(self.editor, Section, None)

    def _block(self, section: Section) -> list[Section]:
        """A section and those that stand in it, in order."""
        listed = self._sections()
        block = [section]
        for other in listed[listed.index(section) + 1 :]:
            if other.depth <= section.depth:
                break
            block.append(other)
        return block

    def _add_section(self, parent: RowKey | None, after: str | None) -> str:
        sibling = self._row(("section", after)) if after else None
        above = self._row(parent) if parent else None
        depth = above.depth + 1 if isinstance(above, Section) else 1
        last: Section | None = None
        if isinstance(sibling, Section):
            depth = sibling.depth
            last = self._block(sibling)[-1]
        elif isinstance(above, Section):
            last = self._block(above)[-1]
        return commands.add_row(self.editor, Section, None, after=last, depth=depth).id

    def _move_sections(self, heads: list[Section], parent: RowKey | None, before: str | None) -> None:
        above = self._row(parent) if parent else None
        blocks = [self._block(head) for head in heads]
        moved: list[Section] = []
        for block in blocks:
            moved += block
        if above in moved:
            raise PlanRuleBroken("A section cannot be moved into itself.")
        staying = [section for section in self._sections() if section not in moved]
        if before is None and isinstance(above, Section):
            at = staying.index(self._last_staying_in(above, moved)) + 1
        else:
            at = _place_of(before, staying)
        depth = above.depth + 1 if isinstance(above, Section) else 1
        with self.editor.step(f"Move {short_names(heads)}"):
            commands.move_rows(self.editor, moved, None, at)
            for block in blocks:
                shift = depth - block[0].depth
                for section in block:
                    section.depth += shift

    def _last_staying_in(self, above: Section, moved: list[Section]) -> Section:
        """The last section in another that is not moved; that one itself where all are."""
        return [section for section in self._block(above) if section not in moved][-1]

    # ------------------------------------------------------------------ inside

    def _row(self, key: RowKey) -> Any:
        row = self.editor.row(*key)
        if row is None:
            raise PlanRuleBroken("This row is no longer in the plan.")
        return row

    def _whole(self, keys: Sequence[RowKey]) -> list[Row]:
        """The rows, and with a section those that stand in it."""
        rows: list[Row] = []
        for key in keys:
            row = self._row(key)
            rows += self._block(row) if isinstance(row, Section) else [row]
        return rows


def _place_of(before: str | None, rows: Sequence[Row]) -> int:
    return next((at for at, row in enumerate(rows) if row.id == before), len(rows))
