"""The slips that are tried, found and made by the operators of cosmic-ray.

Every place in the code has the same chance to be drawn; which slip is made there is drawn after it.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cosmic_ray import mutating
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

#: Where the code is, within the checkout.
PACKAGE = "src/cypp_desktop"
ROOMS = ("plan", "store", "merge", "report", "exchange")

#: A comparison or a sum goes wrong in these ways. The others that cosmic-ray knows (`a + b` to `a >> b`,
#: `a == "x"` to `a is "x"`) are no slip that anybody makes, and nearly all of them stop the program at once.
TURNED = {
    "Eq": ("NotEq",),
    "NotEq": ("Eq",),
    "Lt": ("LtE", "GtE"),
    "LtE": ("Lt", "Gt"),
    "Gt": ("GtE", "LtE"),
    "GtE": ("Gt", "Lt"),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
}
SWAPPED = {
    "Add": ("Sub",),
    "Sub": ("Add",),
    "Mul": ("FloorDiv",),
    "Div": ("Mul", "FloorDiv"),
    "FloorDiv": ("Mul", "Div"),
    "Mod": ("FloorDiv",),
    "LShift": ("RShift",),
    "RShift": ("LShift",),
    "BitOr": ("BitAnd",),
    "BitAnd": ("BitOr",),
}
NAMES = (
    *(f"ReplaceComparisonOperator_{this}_{other}" for this, others in TURNED.items() for other in others),
    *(f"ReplaceBinaryOperator_{this}_{other}" for this, others in SWAPPED.items() for other in others),
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Invert",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "ZeroIterationForLoop",
)
#: Kinds of node of the syntax tree that no operator looks at, but that are most of it.
NEVER_CHANGED = {"name", "newline", "string", "endmarker", "file_input", "fstring_string", "error_leaf"}
BUILT_IN_TYPES = {"str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "type", "object"}

#: Line (from 1) and column (from 0, in letters).
Position = tuple[int, int]


@dataclass(frozen=True)
class Mutant:
    """One slip: which, and where. Given the same source it is always the same."""

    file: str
    place: Position
    operator: str
    occurrence: int

    def apply(self, source: str) -> str:
        """The source with the slip in it."""
        operator: Operator = OperatorProvider()[self.operator]()
        changed: str | None = mutating.mutate_code(source, operator, self.occurrence)
        if changed is None:
            raise LookupError(f"{self.file} has no place {self.occurrence} for {self.operator}")
        return changed

    def compiles(self, source: str) -> bool:
        """Whether Python would start the slip at all."""
        try:
            compile(self.apply(source), self.file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Code:
    """The source of one file, and what stands where in it."""

    file: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.source.encode("utf-8").split(b"\n")

    def span(self, node: ast.expr | ast.stmt) -> tuple[Position, Position]:
        """Where a node begins and ends, with columns in letters and not in bytes."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return (
            (node.lineno, len(self._lines[node.lineno - 1][: node.col_offset].decode("utf-8"))),
            (end_line, len(self._lines[end_line - 1][:end_column].decode("utf-8"))),
        )

    @cached_property
    def left_out(self) -> list[tuple[Position, Position]]:
        """Where a slip says nothing about behaviour: types, decorators, `__all__`, blocks for checkers."""
        return [self.span(node) for node in _no_behaviour(self.tree)]

    def mutants(self) -> Iterator[Mutant]:
        """Every slip in this file that says something about behaviour."""
        nodes = [node for node in ast_nodes(get_ast(self.source)) if node.type not in NEVER_CHANGED]
        for name in NAMES:
            operator: Operator = OperatorProvider()[name]()
            occurrence = 0
            for node in nodes:
                for place, _end in operator.mutation_positions(node):
                    if not any(start <= place < end for start, end in self.left_out):
                        yield Mutant(self.file, place, name, occurrence)
                    occurrence += 1


def _no_behaviour(tree: ast.Module) -> Iterator[ast.expr | ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = node.args
            for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                if each.annotation is not None:
                    yield each.annotation
            for star in (arguments.vararg, arguments.kwarg):
                if star is not None and star.annotation is not None:
                    yield star.annotation
            if node.returns is not None:
                yield node.returns
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from node.decorator_list
        if isinstance(node, ast.AnnAssign):
            yield node.annotation
        if isinstance(node, ast.Assign) and _names(node.targets) == ["__all__"]:
            yield node
        if isinstance(node, ast.If) and _names([node.test]) == ["TYPE_CHECKING"]:
            yield node
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and _is_union_of_types(node):
            yield node


def _names(expressions: Sequence[ast.expr]) -> list[str]:
    return [node.id for node in expressions if isinstance(node, ast.Name)]


def _is_union_of_types(node: ast.expr) -> bool:
    """Whether this is `A | B` between types, as in an alias or in `isinstance`."""
    if isinstance(node, ast.BinOp):
        return _is_union_of_types(node.left) or _is_union_of_types(node.right)
    if isinstance(node, ast.Subscript):
        return _is_union_of_types(node.value)
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Attribute):
        return node.attr[:1].isupper() and not node.attr.isupper()
    if isinstance(node, ast.Name):
        return node.id in BUILT_IN_TYPES or (node.id[:1].isupper() and not node.id.isupper())
    return False


def code_of(root: Path, only: str | None) -> dict[str, Code]:
    """The files of the rooms; with `only`, those whose path has these words in it."""
    files = {}
    for room in ROOMS:
        for path in sorted((root / PACKAGE / room).rglob("*.py")):
            file = path.relative_to(root).as_posix()
            if only is None or only in file:
                files[file] = Code(file, path.read_text(encoding="utf-8"))
    return files


def sample(files: dict[str, Code], count: int, seed: int) -> list[Mutant]:
    """So many mutants, each at another place; the same for the same seed and source."""
    places: dict[tuple[str, Position], list[Mutant]] = {}
    for code in files.values():
        for mutant in code.mutants():
            places.setdefault((mutant.file, mutant.place), []).append(mutant)
    chance = random.Random(seed)
    order = sorted(places)
    chance.shuffle(order)
    drawn: list[Mutant] = []
    for place in order:
        if len(drawn) == count:
            break
        mutant = chance.choice(places[place])
        if mutant.compiles(files[mutant.file].source):
            drawn.append(mutant)
    return drawn
