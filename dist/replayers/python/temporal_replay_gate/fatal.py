"""Ends the replayer with a message for the user."""

from __future__ import annotations

import typing


class Fatal(Exception):
    """The replayer cannot go on. `hint` says what helps."""

    def __init__(self, message: str, hint: typing.Optional[str] = None) -> None:
        super().__init__(message)
        self.hint = hint
