"""Keeps the few lines with which the SDK enters its sandbox, and which it compiles for each task."""

from __future__ import annotations

import functools
import types
import typing


def compile_sandbox_code_once() -> None:
    try:
        from temporalio.worker.workflow_sandbox import _runner
    except ImportError:
        return

    # The texts differ only by the workflow's module and class.
    @functools.lru_cache(maxsize=4096)
    def compiled(code: str) -> types.CodeType:
        return compile(code, "<string>", "exec", dont_inherit=True)

    def execute(code: typing.Any, *scopes: typing.Any) -> None:
        exec(compiled(code) if isinstance(code, str) else code, *scopes)

    # The SDK's module finds this name before the builtin.
    setattr(_runner, "exec", execute)
