"""What it means that SDK Core ended a replay, by the reason that the SDK passes on.

docs/internals/replay-endings.md has the table of all reasons.
"""

from __future__ import annotations

import re
import typing

#: Core's reasons by their numbers, which the SDK writes before the message.
LANG_FAIL = "4"
WORKFLOW_EXECUTION_ENDING = "10"

#: How Core names the errors of its state machines. A real worker fails the workflow task with the same text.
_OF_MACHINES = ("Fatal error in workflow machines", "Nondeterminism error")

#: State machines that refuse a history for what it is: no code can have brought that about.
_HISTORY_AT_FAULT = re.compile(
    r"attributes were unset|missing attributes|did not have appropriate attributes|unparsable"
    r"|Event type is unspecified|History is out of order|after workflow execution was terminated"
    r"|must contain timestamp|timestamp was inconvertible|missing a well formed task timeout"
    r"|Not exactly one payload|had no workflow_execution field|must contain an event sequencing id"
    r"|is not a non-stateful event|Invalid StartChildWorkflowExecutionFailedCause|Core SDK bug|Query expired"
)

_MESSAGE = re.compile(r'\bFailure \{.*?\bmessage: "((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))", re.DOTALL)


class Ending(typing.NamedTuple):
    kind: str
    """`passed`, `nondeterministic`, `task-failed` or `errored`."""
    message: str


def ending_of(text: str) -> Ending:
    """Reads `REASON: MESSAGE`, the SDK's error for every reason but non-determinism."""
    reason, _, message = text.partition(": ")
    if reason in (LANG_FAIL, "LANG_FAIL"):
        # On a real worker it leaves the execution stuck.
        return Ending("task-failed", core_message(message))
    if reason in (WORKFLOW_EXECUTION_ENDING, "WORKFLOW_EXECUTION_ENDING"):
        return Ending("passed", message)
    words = core_message(message or text)
    if any(words.startswith(kind) or f" {kind}" in words for kind in _OF_MACHINES):
        if _HISTORY_AT_FAULT.search(words) is None:
            return Ending("nondeterministic", words)
    return Ending("errored", words)


def core_message(text: str) -> str:
    """The failure's message, out of Core's dump of its own structures."""
    match = _MESSAGE.search(text)
    return text if match is None else _ESCAPE.sub(_unescaped, match[1])


def _unescaped(match: "re.Match[str]") -> str:
    if match[1] is not None:
        return chr(min(int(match[1], 16), 0x10FFFF))
    return {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}.get(match[2], match[2])
