"""Which line of the user's own code did something."""

from __future__ import annotations

import linecache
import os
import re
import site
import sys
import sysconfig
import types
import typing

#: A file and a line, which counts from 1.
Line = typing.Tuple[str, int]

#: A line and the lines of the user's code that called it, from the innermost outwards.
Place = typing.Tuple[Line, ...]

#: The protocol takes no more callers.
MAX_CALLERS = 16

#: A deeper stack comes from recursion, whose line is among the innermost frames.
MAX_FRAMES = 500

#: Lines that the decorators of a function may take.
MAX_DECORATORS = 40


def _foreign_folders() -> typing.Tuple[str, ...]:
    """Folders of files that no user wrote: the standard library, installed packages, this package."""
    paths = sysconfig.get_paths()
    folders = [paths.get(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders.append(os.path.dirname(os.__file__))
    folders.append(os.path.dirname(os.path.abspath(__file__)))
    folders.extend(getattr(site, "getsitepackages", list)())
    found = {os.path.realpath(folder) for folder in folders if folder}
    found.update(os.path.abspath(folder) for folder in folders if folder)
    return tuple(folder + os.sep for folder in found)


_FOREIGN = _foreign_folders()
_known: typing.Dict[str, typing.Optional[str]] = {}


def user_file(name: str) -> typing.Optional[str]:
    """The absolute path of a file of the application's own; None for any other."""
    try:
        return _known[name]
    except KeyError:
        pass
    path = None
    if not name.startswith("<"):
        absolute = os.path.abspath(name)
        parts = absolute.split(os.sep)
        installed = "site-packages" in parts or "dist-packages" in parts
        if not installed and not absolute.startswith(_FOREIGN):
            path = absolute
    _known[name] = path
    return path


def place_of_caller(depth: int = 2) -> typing.Optional[Place]:
    """The user frames on this thread's stack, `depth` frames up at least."""
    try:
        frame: typing.Optional[types.FrameType] = sys._getframe(depth)
    except ValueError:
        return None
    lines: typing.List[Line] = []
    for _ in range(MAX_FRAMES):
        if frame is None or len(lines) > MAX_CALLERS:
            break
        path = user_file(frame.f_code.co_filename)
        if path is not None:
            lines.append((path, frame.f_lineno or 1))
        frame = frame.f_back
    return tuple(lines) or None


def place_of_error(error: typing.Optional[BaseException]) -> typing.Optional[Place]:
    """The line of the user's code that raised: the innermost user frame of the error, or of its cause."""
    seen: typing.Set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        place = _of_traceback(error.__traceback__)
        if place is not None:
            return place
        if isinstance(error, SyntaxError) and error.filename and error.lineno:
            path = user_file(error.filename)
            if path is not None:
                return ((path, error.lineno),)
        error = error.__cause__ or error.__context__
    return None


def _of_traceback(
    traceback: typing.Optional[types.TracebackType],
) -> typing.Optional[Place]:
    lines: typing.List[Line] = []
    while traceback is not None:
        path = user_file(traceback.tb_frame.f_code.co_filename)
        if path is not None:
            lines.append((path, traceback.tb_lineno or 1))
        traceback = traceback.tb_next
    return tuple(lines[: -MAX_CALLERS - 2 : -1]) or None


def place_of_origin(coroutine: object) -> typing.Optional[Place]:
    """Where user code called the function that made this coroutine, if that was tracked."""
    lines = []
    for name, line, _ in getattr(coroutine, "cr_origin", None) or ():
        path = user_file(name)
        if path is not None:
            lines.append((path, line))
    return tuple(lines) or None


def place_of_function(function: object, decorated: bool = False) -> typing.Optional[Place]:
    """Where a function is defined: the line of its `def`, or with `decorated` that of its first decorator."""
    function = getattr(function, "__func__", function)
    for _ in range(MAX_FRAMES):
        inner = getattr(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    code = getattr(function, "__code__", None)
    path = None if code is None else user_file(code.co_filename)
    if code is None or path is None:
        return None
    first = code.co_firstlineno
    if decorated:
        return ((path, first),)
    for line in range(first, first + MAX_DECORATORS):
        if re.match(r"\s*(?:async\s+)?def\s", linecache.getline(path, line)):
            return ((path, line),)
    return ((path, first),)


def as_fields(place: typing.Optional[Place]) -> dict:
    """The protocol's `file`, `line` and `callers`."""
    if not place:
        return {}
    told: typing.Dict[str, typing.Any] = _line(place[0])
    if len(place) > 1:
        told["callers"] = [_line(line) for line in place[1:]]
    return told


def _line(line: Line) -> dict:
    return {"file": line[0], "line": line[1]}
