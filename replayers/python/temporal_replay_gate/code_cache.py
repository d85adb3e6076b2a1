"""Keeps the compiled code of modules, because each history imports them anew in a sandbox."""

from __future__ import annotations

import importlib.machinery
import types
import typing


def keep_code() -> None:
    """From now on this process reads and compiles each source file once.

    Modules may share code objects, which nobody can change. Nothing is written to disk.
    """
    loader = importlib.machinery.SourceFileLoader
    original = loader.get_code
    kept: typing.Dict[typing.Tuple[str, str], typing.Optional[types.CodeType]] = {}

    def get_code(self: typing.Any, fullname: str) -> typing.Optional[types.CodeType]:
        key = (fullname, self.path)
        if key not in kept:
            kept[key] = original(self, fullname)
        return kept[key]

    setattr(loader, "get_code", get_code)
