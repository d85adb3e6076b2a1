import asyncio
from datetime import timedelta
from typing import Awaitable, Callable, List

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from system_patch import activities

from .types import HostRequest, HostResult

RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=5)

SOON = {"start_to_close_timeout": timedelta(seconds=30), "retry_policy": RETRIES}

# These report their progress: without a word for half a minute they are taken for dead, and tried again.
LONG = {
    "schedule_to_close_timeout": timedelta(hours=6),
    "heartbeat_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100)),
}


@workflow.defn(name="patchHost")
class PatchHost:
    """Child of a change: takes one host out of traffic, patches it, checks it, and puts it back."""

    def __init__(self) -> None:
        self._completed: List[str] = []
        self._compensations: List[Callable[[], Awaitable[None]]] = []

    @workflow.query(name="completedSteps")
    def completed_steps(self) -> List[str]:
        return self._completed

    @workflow.run
    async def run(self, request: HostRequest) -> HostResult:
        try:
            await self._patch(request)
            return HostResult(request.host, "patched")
        except (ActivityError, asyncio.CancelledError) as error:
            # Anything else is a bug: the task is retried, and the host goes on once the bug is fixed.
            await self._compensate()
            if is_cancelled_exception(error):
                raise
            return HostResult(request.host, "rolled-back", str(error.cause))

    async def _patch(self, request: HostRequest) -> None:
        await workflow.execute_activity(activities.drain_host, request.host, **SOON)
        self._compensations.append(
            lambda: workflow.execute_activity(activities.restore_traffic, request.host, **SOON)
        )
        self._completed.append("drained")

        snapshot = await workflow.execute_activity(activities.take_snapshot, request.host, **LONG)
        self._compensations.append(
            lambda: workflow.execute_activity(
                activities.revert_to_snapshot, args=[request.host, snapshot], **LONG
            )
        )
        self._completed.append("saved")

        await workflow.execute_activity(
            activities.install_patch,
            args=[request.host, request.package],
            # What is half installed must have stopped before the snapshot is put back.
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            **LONG,
        )
        self._completed.append("installed")

        await workflow.execute_activity(activities.restart_host, request.host, **SOON)
        await asyncio.sleep(request.settling_time)
        await asyncio.gather(
            workflow.execute_activity(activities.check_services, request.host, **SOON),
            workflow.execute_activity(
                activities.check_version, args=[request.host, request.package], **SOON
            ),
        )
        self._completed.append("checked")

        await workflow.execute_activity(activities.restore_traffic, request.host, **SOON)
        self._completed.append("in traffic")

    async def _compensate(self) -> None:
        # The last thing done is undone first.
        while self._compensations:
            await self._compensations.pop()()
        self._completed.append("rolled back")
