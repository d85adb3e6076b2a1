"""Where code under test asks for a value of history: the parameter that takes it, or the line that waits for it."""

from __future__ import annotations

import ast
import asyncio
import linecache
import typing

from .frames import MAX_FRAMES, Line, Place, place_of_function, user_file


def place_of_parameter(function: object, index: typing.Optional[int]) -> typing.Optional[Place]:
    """Where a method declares its parameter of that number, counted behind `self`; else where it is defined."""
    place = place_of_function(function)
    if place is None or index is None:
        return place
    path, line = place[0]
    try:
        # The sandbox forbids to open a file here.
        tree = ast.parse("".join(linecache.getlines(path)))
    except (SyntaxError, ValueError):
        return place
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.lineno == line:
            parameters = [*node.args.posonlyargs, *node.args.args][1:]
            if index < len(parameters):
                return ((path, parameters[index].lineno),)
    return place


def place_of_waiting(instance: typing.Any, handle: typing.Any) -> typing.Optional[Place]:
    """The user's line that waits for the handle; else that of the workflow's own coroutine."""
    waiting = [task for task in getattr(instance, "_tasks", ()) if _waits_for(task, handle)]
    primary = getattr(instance, "_primary_task", None)
    for task in [*waiting, *([] if primary is None else [primary])]:
        place = _place_in(task.get_coro())
        if place is not None:
            return place
    return None


def _waits_for(task: typing.Any, handle: typing.Any) -> bool:
    if task is handle or not isinstance(task, asyncio.Task):
        return False
    waiter = getattr(task, "_fut_waiter", None)
    return waiter is handle or handle in (getattr(waiter, "_children", None) or ())


def _place_in(coroutine: object) -> typing.Optional[Place]:
    """The user's lines at which a coroutine waits, from the innermost of those that it awaits outwards."""
    lines: typing.List[Line] = []
    for _ in range(MAX_FRAMES):
        frame = getattr(coroutine, "cr_frame", None)
        if frame is None:
            break
        path = user_file(frame.f_code.co_filename)
        if path is not None:
            lines.insert(0, (path, frame.f_lineno or 1))
        coroutine = getattr(coroutine, "cr_await", None)
    return tuple(lines) or None
