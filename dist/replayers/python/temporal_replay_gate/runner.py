"""Stands between the SDK's worker and the runner of workflows."""

from __future__ import annotations

import dataclasses
import typing

from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

from .recorder import Recorder
from .recording import Recording


class Replay:
    """The current replay."""

    def __init__(self, task_queue: str, recording: typing.Optional[Recording]) -> None:
        self.task_queue = task_queue
        self.recording = recording
        #: Whether the SDK gave any task of it to the workflow's code.
        self.activated = False


class GateRunner(WorkflowRunner):
    """Runs workflows as the inner runner does, with the execution's own task queue.

    The SDK's replayer makes up a name for the task queue, which code may read from `workflow.info()`.
    """

    def __init__(
        self, runner: WorkflowRunner, current: typing.Callable[[], typing.Optional[Replay]]
    ) -> None:
        self._runner = runner
        self._current = current

    def prepare_workflow(self, defn: typing.Any) -> None:
        self._runner.prepare_workflow(defn)

    def set_worker_level_failure_exception_types(self, types: typing.Any) -> None:
        inner = getattr(self._runner, "set_worker_level_failure_exception_types", None)
        if inner is not None:
            inner(types)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        replay = self._current()
        if replay is None:
            return self._runner.create_instance(det)
        changes: typing.Dict[str, typing.Any] = {
            "info": dataclasses.replace(det.info, task_queue=replay.task_queue)
        }
        recorder = None
        if replay.recording is not None:
            recorder = Recorder(replay.recording)
            # Ours is the last and innermost, so that it sees what the user's interceptors change.
            changes["interceptor_classes"] = [
                *det.interceptor_classes,
                recorder.interceptor_class(),
            ]
        details = dataclasses.replace(det, **changes)
        instance = _with_exits_caught(lambda: self._runner.create_instance(details))
        activate = instance.activate

        def observed(act: typing.Any) -> typing.Any:
            if any(job.HasField("remove_from_cache") for job in act.jobs):
                return _with_exits_caught(lambda: activate(act))
            replay.activated = True
            if recorder is None:
                return _with_exits_caught(lambda: activate(act))
            with recorder.activation():
                return _with_exits_caught(lambda: activate(act))

        setattr(instance, "activate", observed)
        return instance


def _with_exits_caught(run: typing.Callable[[], typing.Any]) -> typing.Any:
    """An exit in the code ends a real worker. Here it fails the task."""
    try:
        return run()
    except (SystemExit, KeyboardInterrupt) as error:
        raise RuntimeError(
            f"the workflow's code raised {type(error).__name__}, which ends the worker"
        ) from error
