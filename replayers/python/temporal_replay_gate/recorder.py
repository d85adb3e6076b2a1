"""Watches what the code of one execution issues, without changing what it does."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import typing
import weakref

from temporalio.worker import WorkflowInboundInterceptor

from . import frames
from .recording import Recording

#: Callers that are kept for each coroutine: the user's is above a few of the SDK's.
ORIGIN_DEPTH = 12


class Recorder:
    """Hooks of one workflow instance.

    The SDK has had the hooked names since its first release. Where one is missing, only what it would tell is
    unknown.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._instance: typing.Any = None
        # Where user code asked for a task that has only frames of the SDK.
        self._sites: typing.Any = weakref.WeakKeyDictionary()
        # Where user code last cancelled a task, and in which workflow task.
        self._canceled_at: typing.Tuple[int, typing.Optional[frames.Place]] = (0, None)

    def interceptor_class(self) -> typing.Type[WorkflowInboundInterceptor]:
        recorder = self

        class RecordingInterceptor(WorkflowInboundInterceptor):
            """The innermost: the next is the SDK's own, which has the instance."""

            def init(self, outbound: typing.Any) -> None:
                instance = getattr(self.next, "_instance", None)
                if instance is not None:
                    recorder._watch(instance)
                super().init(outbound)

        return RecordingInterceptor

    @contextlib.contextmanager
    def activation(self) -> typing.Iterator[None]:
        """Around each activation: tracks where coroutines come from, and reads the commands at its end."""
        depth = sys.get_coroutine_origin_tracking_depth()
        sys.set_coroutine_origin_tracking_depth(ORIGIN_DEPTH)
        try:
            yield
        finally:
            sys.set_coroutine_origin_tracking_depth(depth)
            # The SDK fills commands in after it adds them, and encodes their payloads later.
            self._recording.end_activation()
            if self._instance is not None:
                self._recording.observe(self._instance)

    def _watch(self, instance: typing.Any) -> None:
        self._instance = instance
        run = getattr(getattr(instance, "_defn", None), "run_fn", None)
        self._recording.define(None if run is None else frames.place_of_function(run))
        for name, hook in (
            ("_add_command", self._add_command),
            ("create_task", self._create_task),
            ("_register_task", self._register_task),
            ("workflow_patch", self._patch),
            ("workflow_wait_condition", self._wait_condition),
            ("_apply_do_update", self._do_update),
        ):
            original = getattr(instance, name, None)
            if original is not None:
                setattr(instance, name, hook(original))

    def _history_length(self) -> int:
        return getattr(self._instance, "_current_history_length", 0)

    def _place(self) -> typing.Optional[frames.Place]:
        place = frames.place_of_caller(3)
        if place is not None:
            return place
        # An exception issues this command: a failure, or continue-as-new.
        place = frames.place_of_error(sys.exc_info()[1])
        if place is not None:
            return place
        try:
            task = asyncio.current_task(self._instance)
        except RuntimeError:
            return None
        return None if task is None else self._sites.get(task)

    def _add_command(self, original: typing.Callable) -> typing.Callable:
        def add_command(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
            command = original(*args, **kwargs)
            length = self._history_length()
            canceled_in, canceled_at = self._canceled_at
            self._recording.add_command(
                command,
                length,
                self._place(),
                # Where no line of the user's is on the stack, a task of the SDK passes a cancellation on.
                canceled_at if canceled_in == length and not frames.place_of_caller() else None,
            )
            return command

        return add_command

    def _create_task(self, original: typing.Callable) -> typing.Callable:
        def create_task(coroutine: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> typing.Any:
            place = frames.place_of_origin(coroutine) or self._place()
            task = original(coroutine, *args, **kwargs)
            if place is not None:
                self._sites[task] = place
            return task

        return create_task

    def _register_task(self, original: typing.Callable) -> typing.Callable:
        def register_task(task: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> None:
            original(task, *args, **kwargs)
            self._watch_cancel(task)

        return register_task

    def _watch_cancel(self, task: typing.Any) -> None:
        cancel = task.cancel

        def watched(*args: typing.Any, **kwargs: typing.Any) -> bool:
            place = frames.place_of_caller()
            if place is not None:
                self._canceled_at = (self._history_length(), place)
            return cancel(*args, **kwargs)

        try:
            task.cancel = watched
        except AttributeError:
            # Then a cancellation gets the line of what it cancels.
            pass

    def _patch(self, original: typing.Callable) -> typing.Callable:
        def workflow_patch(id: str, *args: typing.Any, **kwargs: typing.Any) -> bool:
            answer = original(id, *args, **kwargs)
            deprecated = kwargs.get("deprecated") is True
            self._recording.add_patch(id, answer, deprecated, self._place())
            return answer

        return workflow_patch

    def _wait_condition(self, original: typing.Callable) -> typing.Callable:
        def workflow_wait_condition(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
            waiting = original(*args, **kwargs)
            return self._during(waiting, self._history_length(), self._place())

        return workflow_wait_condition

    def _do_update(self, original: typing.Callable) -> typing.Callable:
        def do_update(job: typing.Any) -> None:
            definition = getattr(self._instance, "_updates", {}).get(job.name)
            if definition is not None:
                place = frames.place_of_function(definition.fn, decorated=True)
                self._recording.add_update(job.protocol_instance_id, place)
            original(job)

        return do_update

    async def _during(
        self, waiting: typing.Any, length: int, place: typing.Optional[frames.Place]
    ) -> typing.Any:
        key = self._recording.begin_wait(length, place)
        try:
            return await waiting
        finally:
            self._recording.end_wait(key)
