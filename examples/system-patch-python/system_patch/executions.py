"""Changes that stop in many states."""

import asyncio
import time
import uuid
from typing import Any, Awaitable, Callable, Dict, List, Sequence

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from system_patch.workflows.types import Decision, PatchRequest

#: Where a change stops, and what its hosts then do; each host is an execution of its own.
STATES = {
    "waiting-for-approval": "running, in the timer that limits the wait; no host is touched",
    "expired": "completed, nobody approved",
    "rejected": "completed, by an update with its reason",
    "patching": "running, approved by a signal; one host installs, the other settles",
    "cancelled": "cancelled while both hosts settled: both were rolled back",
    "patched": "completed, approved by an update; one host was tried twice, one was rolled back",
}

SOON = 0.01

#: Seconds that a change may take to arrive in its state.
TIMEOUT = 60.0


async def start_changes(
    client: Client, task_queue: str, count: int, states: Sequence[str]
) -> List[Dict[str, str]]:
    prefix = uuid.uuid4().hex[:8]
    changes = [
        _Change(client, task_queue, f"{prefix}-{state}-{number}", state)
        for number in range(1, count + 1)
        for state in states
    ]
    await asyncio.gather(*(SCENARIOS[change.state](change) for change in changes))
    return [
        {
            "state": change.state,
            "workflowType": "patchSystems",
            "workflowId": change.workflow_id,
            "runId": change.handle.first_execution_run_id or "",
        }
        for change in changes
    ]


class _Change:
    handle: WorkflowHandle

    def __init__(self, client: Client, task_queue: str, workflow_id: str, state: str) -> None:
        self.client = client
        self.task_queue = task_queue
        self.workflow_id = workflow_id
        self.state = state
        self.deadline = time.monotonic() + TIMEOUT

    async def start(self, hosts: List[str], **options: float) -> None:
        self.handle = await self.client.start_workflow(
            "patchSystems",
            PatchRequest(self.workflow_id, hosts, "openssl-3.5.9", **options),
            id=self.workflow_id,
            task_queue=self.task_queue,
        )

    async def until_waiting(self) -> None:
        await self.until(["inspected"], lambda: self.handle.query("completedSteps"))

    async def until_host_has(self, host: str, *steps: str) -> None:
        handle = self.client.get_workflow_handle(f"{self.workflow_id}-{host}")
        await self.until(list(steps), lambda: handle.query("completedSteps"))

    async def until_closed(self, expected: WorkflowExecutionStatus) -> None:
        async def read() -> Any:
            return (await self.handle.describe()).status

        await self.until(expected, read)

    async def until(self, expected: Any, read: Callable[[], Awaitable[Any]]) -> None:
        found: Any = None
        cause = None
        while time.monotonic() < self.deadline:
            try:
                found = await read()
                if found == expected:
                    return
            except Exception as error:
                # A host may not have been started yet, or the worker may only be starting.
                cause = error
            await asyncio.sleep(0.2)
        raise RuntimeError(
            f"{self.workflow_id} is {found}, but should have become {expected}. "
            f"Does a worker run on the task queue {self.task_queue}?"
        ) from cause


async def _waiting(change: _Change) -> None:
    await change.start(["web-1", "web-2"])
    await change.until_waiting()


async def _expired(change: _Change) -> None:
    await change.start(["web-1"], approval_timeout=SOON)
    await change.until_closed(WorkflowExecutionStatus.COMPLETED)


async def _rejected(change: _Change) -> None:
    await change.start(["web-1"])
    await change.until_waiting()
    await change.handle.execute_update("decide", Decision(False, "Monalisa", "Not before the sale"))
    await change.until_closed(WorkflowExecutionStatus.COMPLETED)


async def _patching(change: _Change) -> None:
    await change.start(["held-1", "web-1"])
    await change.until_waiting()
    await change.handle.signal("approve", "Monalisa")
    await change.until_host_has("held-1", "drained", "saved")
    await change.until_host_has("web-1", "drained", "saved", "installed")


async def _cancelled(change: _Change) -> None:
    await change.start(["web-1", "web-2"])
    await change.until_waiting()
    await change.handle.signal("approve", "Monalisa")
    for host in ("web-1", "web-2"):
        await change.until_host_has(host, "drained", "saved", "installed")
    await change.handle.cancel()
    await change.until_closed(WorkflowExecutionStatus.CANCELED)


async def _patched(change: _Change) -> None:
    await change.start(["web-1", "flaky-1", "broken-1"], settling_time=SOON)
    await change.until_waiting()
    await change.handle.execute_update("decide", Decision(True, "Monalisa"))
    await change.until_closed(WorkflowExecutionStatus.COMPLETED)


SCENARIOS: Dict[str, Callable[[_Change], Awaitable[None]]] = {
    "waiting-for-approval": _waiting,
    "expired": _expired,
    "rejected": _rejected,
    "patching": _patching,
    "cancelled": _cancelled,
    "patched": _patched,
}
