import asyncio
from datetime import timedelta
from typing import List, Optional

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from system_patch import activities

from .patch_host import PatchHost
from .types import Decision, HostRequest, PatchRequest, PatchResult

SOON = {
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=5),
}


@workflow.defn(name="patchSystems")
class PatchSystems:
    """A change: looks at all hosts, waits for approval, patches them at the same time, reports."""

    def __init__(self) -> None:
        self._completed: List[str] = []
        self._decision: Optional[Decision] = None

    @workflow.query(name="completedSteps")
    def completed_steps(self) -> List[str]:
        return self._completed

    @workflow.signal
    def approve(self, by: str) -> None:
        """From a chat button, which waits for no answer. The first decision counts."""
        self._decision = self._decision or Decision(True, by)

    @workflow.update
    def decide(self, decision: Decision) -> str:
        """From the change calendar, which shows the answer."""
        self._decision = decision
        return "approved" if decision.approved else "rejected"

    @decide.validator
    def validate_decision(self, decision: Decision) -> None:
        if self._decision is not None:
            raise ValueError(f"{self._decision.by} has decided already")
        if not decision.approved and not decision.reason:
            raise ValueError("A rejection needs a reason")

    @workflow.run
    async def run(self, request: PatchRequest) -> PatchResult:
        try:
            result = await self._change(request)
        except asyncio.CancelledError:
            # Each host has rolled itself back by now.
            await self._close(request, "cancelled")
            raise
        await self._close(request, result.outcome)
        return result

    async def _change(self, request: PatchRequest) -> PatchResult:
        await asyncio.gather(
            *(
                workflow.execute_activity(
                    activities.inspect_host, args=[host, request.package], **SOON
                )
                for host in request.hosts
            )
        )
        self._completed.append("inspected")

        await workflow.execute_activity(
            activities.ask_for_approval, args=[request.change_id, request.hosts], **SOON
        )
        try:
            await workflow.wait_condition(
                lambda: self._decision is not None, timeout=request.approval_timeout
            )
        except asyncio.TimeoutError:
            return PatchResult("expired")
        assert self._decision is not None
        if not self._decision.approved:
            return PatchResult("rejected")
        self._completed.append(f"approved by {self._decision.by}")

        hosts = await asyncio.gather(
            *(
                workflow.execute_child_workflow(
                    PatchHost.run,
                    HostRequest(host, request.package, request.settling_time),
                    id=f"{workflow.info().workflow_id}-{host}",
                )
                for host in request.hosts
            )
        )
        self._completed.append("patched")
        all_patched = all(host.outcome == "patched" for host in hosts)
        return PatchResult("patched" if all_patched else "partly-patched", list(hosts))

    async def _close(self, request: PatchRequest, outcome: str) -> None:
        await workflow.execute_activity(
            activities.close_change, args=[request.change_id, outcome], **SOON
        )
        self._completed.append("closed")
