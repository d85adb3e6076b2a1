"""What in the application's code depends on chance: on the seed of hashes, or on addresses."""

from __future__ import annotations

import ast
import os
import random
import typing

#: Types and functions whose values come in an order, or are numbers, that differ between processes.
NAMES = {"set", "frozenset", "AbstractSet", "FrozenSet", "MutableSet", "Set", "WeakSet"}

CALLED = {"hash", "id"}

#: Those of `asyncio` that answer with a set of tasks.
OF_ASYNCIO = {"as_completed", "wait"}

#: Those of dictionaries' views that answer with a set.
OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)

METHODS = {"difference", "intersection", "symmetric_difference", "union"}

#: Beyond so many bytes of source, chance is taken for granted.
MAX_BYTES = 8 * 1024 * 1024


def holds_chance(sources: typing.Iterable[str]) -> bool:
    """Whether a source file names anything of the kind. What a library does is not seen."""
    left = MAX_BYTES
    for source in sources:
        try:
            left -= os.path.getsize(source)
            if left < 0:
                return True
            with open(source, "rb") as file:
                tree = ast.parse(file.read())
        except (OSError, SyntaxError, ValueError, RecursionError):
            return True
        if any(_is_chance(node) for node in ast.walk(tree)):
            return True
    return False


def _is_chance(node: ast.AST) -> bool:
    if isinstance(node, (ast.Set, ast.SetComp)):
        return True
    if isinstance(node, ast.Name):
        return node.id in NAMES
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in CALLED
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id == "asyncio":
            return node.attr in OF_ASYNCIO
        return node.attr in METHODS or node.attr in NAMES
    if isinstance(node, ast.ImportFrom):
        return node.module == "asyncio" and any(name.name in OF_ASYNCIO for name in node.names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, OPERATORS):
        return any(_is_view(side) for side in (node.left, node.right))
    return False


def _is_view(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("items", "keys")
    )


class Addresses:
    """Gives objects other addresses in each replay, because sets of objects are ordered by them."""

    def __init__(self) -> None:
        self._turn = 0
        self._kept: typing.List[bytes] = []

    def shift(self) -> None:
        self._turn += 1
        chosen = random.Random(self._turn)
        self._kept = []
        # CPython has a list of free places for each size. Places that are given back in another order are taken in
        # another order, and one in four stays, so that no page of them is given back as a whole.
        for size in range(1, 481, 16):
            objects = [bytes(size) for _ in range(512)]
            chosen.shuffle(objects)
            self._kept.extend(objects[::4])
            del objects[::4]
            while objects:
                objects.pop()
