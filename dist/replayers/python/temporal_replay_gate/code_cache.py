"""Keeps the compiled code of modules: each history imports its workflow's modules anew, in a sandbox."""

from __future__ import annotations

import importlib.machinery
import types
import typing


def keep_code() -> None:
    """From now on each source file is read and compiled once in this process.

    Code objects cannot be changed, so that modules may share them. Nothing is written to disk.
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
