"""What workflow tasks failed with, as the SDK logs it."""

from __future__ import annotations

import logging
import re
import typing

from .endings import ending_of
from .frames import Place, as_fields, place_of_error, place_of_function
from .undecoded_reason import reason_of

#: The SDK's loggers that get the exception of each failed workflow task.
_LOGGERS = (
    "temporalio.worker._workflow",
    "temporalio.worker._workflow_instance",
    "temporalio.worker.workflow_instance",
    "temporalio.worker.workflow",
)

_UNKNOWN_ENCODING = re.compile(r"Unknown payload encoding (\S+?)['\"]?$")

_DEADLOCK = "Potential deadlock detected"

_DECODING = "Failed decoding arguments"

_EVICTION = "Failed running eviction job"


class Failures(logging.Handler):
    """The exceptions of the current replay, in order.

    The SDK returns a task's failure as a dump of its native part. Only the log has the exception with its
    traceback.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._errors: typing.List[BaseException] = []
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            logger.addHandler(self)
            logger.setLevel(logging.WARNING)

    def clear(self) -> None:
        self._errors = []
        for name in _LOGGERS:
            # When an application configures its logging, it switches off the loggers that it does not name.
            logging.getLogger(name).disabled = False

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        # An error during eviction follows from the failure of the task before.
        if error is not None and _EVICTION not in str(record.msg):
            self._errors.append(error)

    @property
    def deadlocked(self) -> bool:
        return self._deadlock() is not None

    def _deadlock(self) -> typing.Optional[BaseException]:
        return next((error for error in self._errors if _DEADLOCK in str(error)), None)

    def unreadable(self) -> typing.Optional[str]:
        """The encoding of a payload that could not be decoded. It may be a signal's, which the SDK drops."""
        for error in self._errors:
            for reason in _chain(error):
                match = _UNKNOWN_ENCODING.search(str(reason).strip("'\""))
                if isinstance(reason, KeyError) and match is not None:
                    return match[1]
        return None

    def outcome(self, failure: BaseException) -> dict:
        """The outcome of a replay that failed, but not by non-determinism."""
        ending = ending_of(str(failure))
        if ending.kind == "passed":
            return {"outcome": "passed"}
        if ending.kind != "task-failed" or not self._errors:
            return {"outcome": ending.kind, "message": ending.message}
        deadlock = self._deadlock()
        error = self._errors[-1] if deadlock is None else deadlock
        place = place_of_error(error)
        if deadlock is not None:
            # A slow machine can cause this too, so it is no failure of the code.
            where = "" if place is None else f" It was at {place[0][0]}:{place[0][1]}."
            return {"outcome": "errored", "message": f"{_words(error)}{where}"}
        place = place or _place_of_called(error)
        return {"outcome": "task-failed", "message": _words(error), **as_fields(place)}


#: Raised where the SDK calls a function of the user's with other arguments than it takes.
_CALLED = re.compile(r"(\w+)\(\) (?:missing \d+ required|takes \d+ positional|got an unexpected)")


def _place_of_called(error: BaseException) -> typing.Optional[Place]:
    """The declaration of a method that refuses its arguments: none of its lines has run."""
    called = _CALLED.search(str(error)) if isinstance(error, TypeError) else None
    traceback = error.__traceback__
    while called is not None and traceback is not None:
        names = traceback.tb_frame.f_locals
        instance = names.get("self")
        instance = getattr(instance, "_instance", instance)
        cls = getattr(getattr(instance, "_defn", None), "cls", None)
        function = getattr(cls, called[1], None)
        if function is not None:
            return place_of_function(function)
        traceback = traceback.tb_next
    return None


def _words(error: BaseException) -> str:
    text = str(error)
    if not text:
        return type(error).__name__
    if isinstance(error, RuntimeError) and error.__cause__ is not None:
        if text == _DECODING:
            return f"{text}: {reason_of(error)}"
        # The SDK's other texts of the kind say nothing without their cause.
        return f"{text}: {_words(error.__cause__)}"
    if isinstance(error, RuntimeError) or type(error).__module__.startswith("temporalio."):
        return text
    return f"{type(error).__name__}: {text}"


def _chain(error: typing.Optional[BaseException]) -> typing.Iterator[BaseException]:
    seen: typing.Set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
