"""Replays one history after the other with the SDK's own replayer."""

from __future__ import annotations

import asyncio
import base64
import typing

from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from .chance import Addresses
from .endings import core_message
from .failures import Failures
from .recording import MOVES_TERMINAL_COMMANDS, Recording
from .runner import GateRunner, Replay
from .undecoded import Undecoded

#: Seconds that a broken replayer may take to shut down; then it is abandoned.
CLOSE_SECONDS = 5.0

#: The SDK gives up on a workflow task after two seconds. A second try tells a loop from a busy machine.
DEADLOCK_ATTEMPTS = 2


class Replays:
    """The SDK's replayer, kept for all histories: its worker takes one at a time."""

    def __init__(self, application: typing.Any, namespace: str) -> None:
        self._application = application
        self._namespace = namespace
        self._failures = Failures()
        self._undecoded = Undecoded()
        self._addresses = Addresses()
        self._current: typing.Optional[Replay] = None
        self._feed: typing.Optional[asyncio.Queue] = None
        self._context: typing.Any = None
        self._results: typing.Any = None
        _never_fail_the_workflow_for_nondeterminism()

    async def open(self) -> None:
        """Makes the SDK validate the classes and the options.

        @raises Exception of the SDK, where it refuses them
        """
        feed: asyncio.Queue = asyncio.Queue()

        async def histories() -> typing.AsyncIterator[WorkflowHistory]:
            while True:
                yield await feed.get()

        context = self._replayer().workflow_replay_iterator(histories())
        self._results = (await context.__aenter__()).__aiter__()
        self._feed = feed
        self._context = context

    async def replay(self, message: dict) -> dict:
        """The outcome of one history, with what was recorded if that is asked for. Never raises."""
        try:
            history = History.FromString(base64.b64decode(message["history"]))
        except Exception as error:
            return {"outcome": "errored", "message": f"its history cannot be read: {error}"}
        # Without one the SDK would wait for ever.
        if not any(
            event.HasField("workflow_task_completed_event_attributes") for event in history.events
        ):
            return {"outcome": "errored", "message": "it has no completed workflow task to replay"}
        given = WorkflowHistory(message["workflowId"], list(history.events))
        for attempt in range(1, DEADLOCK_ATTEMPTS + 1):
            task_queue = message["taskQueue"]
            recording = None
            if message.get("record") is True:
                self._addresses.shift()
                recording = Recording(task_queue, _terminal_commands_move(history))
            replay = Replay(task_queue, recording)
            result = await self._attempt(given, replay)
            if not self._failures.deadlocked or attempt == DEADLOCK_ATTEMPTS:
                break
        if replay.recording is not None:
            result.update(replay.recording.take())
        return result

    async def _attempt(self, history: WorkflowHistory, replay: Replay) -> dict:
        self._current = replay
        self._failures.clear()
        self._undecoded.clear()
        try:
            if self._feed is None:
                await self.open()
            assert self._feed is not None
            self._feed.put_nowait(history)
            result = await self._results.__anext__()
        except Exception as error:
            # This replayer is broken; the next history gets a new one.
            await self._close()
            return {"outcome": "errored", "message": f"the SDK's replayer broke: {error!r}"}
        finally:
            self._current = None
        judged = self._judge(result.replay_failure, replay, _is_closed(history))
        undecoded = self._undecoded.take()
        if undecoded and judged["outcome"] in ("nondeterministic", "task-failed"):
            judged["undecoded"] = undecoded
        return judged

    def _judge(
        self, failure: typing.Optional[BaseException], replay: Replay, closed: bool
    ) -> dict:
        unreadable = self._failures.unreadable()
        # A replay that matches the whole of a closed history lacks nothing.
        if unreadable is not None and not (closed and failure is None):
            # The worker that wrote the history could read it, so the set-up differs and not the code.
            return {
                "outcome": "errored",
                "message": f"its payloads are encoded as {unreadable}, which no converter or codec here "
                "decodes: set replay-options to what the worker's data_converter is in, or codec-endpoint "
                "to a codec server that decodes them before",
            }
        if failure is None:
            if not replay.activated:
                return {"outcome": "errored", "message": "the SDK replayed none of its workflow tasks"}
            return {"outcome": "passed"}
        if isinstance(failure, NondeterminismError):
            return {"outcome": "nondeterministic", "message": core_message(str(failure))}
        return self._failures.outcome(failure)

    async def _close(self) -> None:
        context, self._context = self._context, None
        self._feed = None
        self._results = None
        if context is None:
            return
        try:
            await asyncio.wait_for(context.__aexit__(None, None, None), CLOSE_SECONDS)
        except Exception:
            # It is broken already, so a failed shutdown says nothing new.
            pass

    def _replayer(self) -> Replayer:
        options = dict(self._application.replay_options)
        options["workflows"] = list(self._application.workflows)
        options["namespace"] = self._namespace
        replayer = Replayer(**options)
        # Plugins may have wrapped the runners: ours wraps theirs.
        config = getattr(replayer, "_config", None)
        if config is None:
            raise RuntimeError("this replayer cannot find the options of temporalio's Replayer in this release")
        for name, default in _RUNNERS.items():
            config[name] = GateRunner(config.get(name) or default(), lambda: self._current)
        return replayer


def _never_fail_the_workflow_for_nondeterminism() -> None:
    """`failure_exception_types=[Exception]` makes a worker fail the workflow where code and history differ. Core then
    waits for an answer that no replay gets, and never ends. Without it, Core tells of the difference."""
    try:
        from temporalio.worker._workflow import _WorkflowWorker
    except ImportError:
        return
    for name, none in (
        ("nondeterminism_as_workflow_fail", False),
        ("nondeterminism_as_workflow_fail_for_types", set()),
    ):
        if hasattr(_WorkflowWorker, name):
            setattr(_WorkflowWorker, name, lambda self, none=none: none)


#: What ends an execution by a command of its code.
_ENDS = (
    "workflow_execution_completed_event_attributes",
    "workflow_execution_failed_event_attributes",
    "workflow_execution_canceled_event_attributes",
    "workflow_execution_continued_as_new_event_attributes",
)


def _is_closed(history: WorkflowHistory) -> bool:
    return any(history.events[-1].HasField(attributes) for attributes in _ENDS)


def _terminal_commands_move(history: History) -> bool:
    for event in history.events:
        # The SDK's first releases do not have it.
        completed = event.workflow_task_completed_event_attributes
        metadata = getattr(completed, "sdk_metadata", None)
        if MOVES_TERMINAL_COMMANDS in getattr(metadata, "core_used_flags", ()):
            return True
    return False


_RUNNERS = {
    "workflow_runner": SandboxedWorkflowRunner,
    "unsandboxed_workflow_runner": UnsandboxedWorkflowRunner,
}
