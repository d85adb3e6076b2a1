"""Executions that stop in many states."""

import asyncio
import time
import uuid
from typing import Any, Awaitable, Callable, Dict, List, Sequence

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from orders.workflows.types import (
    Address,
    CustomerAccountInput,
    Item,
    OrderInput,
    Purchase,
    ReminderInput,
)

#: Where an execution stops, and what it then is. `parent → child` are two executions.
STATES = {
    "order-waiting-for-approval": "running, in the timer that limits the wait for an approval",
    "order-address-changed": "running, waiting for an approval, after one update",
    "order-charging": "running, waiting for the activity chargeCard",
    "order-packing": "running, waiting for its child → running, in the timer for packing",
    "order-in-transit": "running, waiting for its child → running, waiting for a delivery",
    "order-completed": "completed → completed, nobody confirmed the delivery",
    "order-approved": "completed, after a signal, an update and a retry → completed, confirmed",
    "order-expired": "completed, nobody approved: the stock was released",
    "order-cancelled": "cancelled, after a refund and release of the stock → cancelled",
    "order-failed": "failed, the card was declined: the stock was released",
    "account-collecting": "running, waiting for a signal after two of them",
    "account-continued": "continued as new, after three signals; the next run is running",
    "reminder-sleeping": "running, in the first timer",
    "reminder-sleeping-again": "running, in the third timer",
    "reminder-completed": "completed, after two timers",
}

SMALL_AMOUNT = 250
LARGE_AMOUNT = 2_500
SOON = 0.01
WEEK = 7 * 24 * 3600.0
FIRST_ADDRESS = Address("A. Buyer", "1 High Street", "Springfield")
NEW_ADDRESS = Address("A. Buyer", "2 Low Street", "Springfield")

#: Seconds that an execution may take to arrive in its state.
TIMEOUT = 60.0

#: Executions that are on their way at one time, so that a small server keeps up.
CONCURRENCY = 25


async def start_orders(
    client: Client, task_queue: str, count: int = 1, states: Sequence[str] = tuple(STATES)
) -> List[Dict[str, str]]:
    """Starts executions and returns them when each has arrived in its state.

    A worker must be running on the task queue. A shipment is started by its order and not listed; its
    workflow ID is that of the order with the suffix `-shipment`.
    """
    prefix = uuid.uuid4().hex[:8]
    turn = asyncio.Semaphore(CONCURRENCY)

    async def bring(state: str, number: int) -> Dict[str, str]:
        async with turn:
            run = _Run(client, task_queue, f"{prefix}-{state}-{number}")
            handle = await SCENARIOS[state](run)
            description = await handle.describe()
            return {
                "state": state,
                "workflowType": description.workflow_type,
                "workflowId": run.workflow_id,
                "runId": handle.first_execution_run_id or "",
            }

    return await asyncio.gather(
        *(bring(state, number) for number in range(1, count + 1) for state in states)
    )


class _Run:
    def __init__(self, client: Client, task_queue: str, workflow_id: str) -> None:
        self.client = client
        self.task_queue = task_queue
        self.workflow_id = workflow_id
        self.deadline = time.monotonic() + TIMEOUT

    async def start(self, workflow_type: str, argument: Any) -> WorkflowHandle:
        return await self.client.start_workflow(
            workflow_type, argument, id=self.workflow_id, task_queue=self.task_queue
        )

    async def start_order(self, **options: Any) -> WorkflowHandle:
        values = {"amount": SMALL_AMOUNT, "card": "card-valid", **options}
        order = OrderInput(
            order_id=self.workflow_id,
            items=[Item("lamp", 2)],
            address=FIRST_ADDRESS,
            **values,
        )
        return await self.start("order", order)

    async def start_account(self, purchases: int) -> WorkflowHandle:
        handle = await self.start(
            "customerAccount", CustomerAccountInput(self.workflow_id, purchases_per_run=3)
        )
        for number in range(1, purchases + 1):
            await handle.signal("purchase", Purchase(f"{self.workflow_id}-{number}", SMALL_AMOUNT))
        return handle

    async def start_reminder(self, *intervals: float) -> WorkflowHandle:
        return await self.start(
            "reminder", ReminderInput(self.workflow_id, "Your basket is waiting", list(intervals))
        )

    def shipment(self) -> WorkflowHandle:
        return self.client.get_workflow_handle(f"{self.workflow_id}-shipment")

    async def until_order_is(self, expected: str) -> None:
        handle = self.client.get_workflow_handle(self.workflow_id)
        await self.until(expected, lambda: handle.query("status"))

    async def until_shipment_is(self, expected: str) -> None:
        await self.until(expected, lambda: self.shipment().query("status"))

    async def until_account_has(self, purchases: int) -> None:
        handle = self.client.get_workflow_handle(self.workflow_id)

        async def read() -> int:
            return (await handle.query("balance"))["purchases"]

        await self.until(purchases, read)

    async def until_reminders_are(self, sent: int) -> None:
        handle = self.client.get_workflow_handle(self.workflow_id)
        await self.until(sent, lambda: handle.query("remindersSent"))

    async def until_closed(self, handle: WorkflowHandle, expected: WorkflowExecutionStatus) -> None:
        async def read() -> Any:
            return (await handle.describe()).status

        await self.until(expected, read)

    async def until(self, expected: Any, read: Callable[[], Awaitable[Any]]) -> None:
        found: Any = None
        cause = None
        pause = 0.1
        while time.monotonic() < self.deadline:
            try:
                found = await read()
                if found == expected:
                    return
            except Exception as error:
                # A child may not have been started yet, or the worker may only be starting.
                cause = error
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 1.0)
        raise RuntimeError(
            f"{self.workflow_id} is {found}, but should have become {expected}. "
            f"Does a worker run on the task queue {self.task_queue}?"
        ) from cause


async def _waiting_for_approval(run: _Run) -> WorkflowHandle:
    handle = await run.start_order(amount=LARGE_AMOUNT)
    await run.until_order_is("waiting-for-approval")
    return handle


async def _address_changed(run: _Run) -> WorkflowHandle:
    handle = await _waiting_for_approval(run)
    await handle.execute_update("changeAddress", NEW_ADDRESS)
    return handle


async def _charging(run: _Run) -> WorkflowHandle:
    handle = await run.start_order(card="card-pending")
    await run.until_order_is("charging")
    return handle


async def _packing(run: _Run) -> WorkflowHandle:
    handle = await run.start_order()
    await run.until_shipment_is("packing")
    return handle


async def _in_transit(run: _Run) -> WorkflowHandle:
    handle = await run.start_order(packing_time=SOON)
    await run.until_shipment_is("in-transit")
    return handle


async def _completed(run: _Run) -> WorkflowHandle:
    handle = await run.start_order(packing_time=SOON, delivery_timeout=SOON)
    await run.until_closed(handle, WorkflowExecutionStatus.COMPLETED)
    return handle


async def _approved(run: _Run) -> WorkflowHandle:
    handle = await run.start_order(amount=LARGE_AMOUNT, card="card-flaky", packing_time=SOON)
    await run.until_order_is("waiting-for-approval")
    await handle.execute_update("changeAddress", NEW_ADDRESS)
    await handle.signal("approve")
    await run.until_shipment_is("in-transit")
    await run.shipment().signal("delivered")
    await run.until_closed(handle, WorkflowExecutionStatus.COMPLETED)
    return handle


async def _expired(run: _Run) -> WorkflowHandle:
    handle = await run.start_order(amount=LARGE_AMOUNT, approval_timeout=SOON)
    await run.until_closed(handle, WorkflowExecutionStatus.COMPLETED)
    return handle


async def _cancelled(run: _Run) -> WorkflowHandle:
    handle = await _packing(run)
    await handle.cancel()
    await run.until_closed(handle, WorkflowExecutionStatus.CANCELED)
    return handle


async def _failed(run: _Run) -> WorkflowHandle:
    handle = await run.start_order(card="card-declined")
    await run.until_closed(handle, WorkflowExecutionStatus.FAILED)
    return handle


async def _collecting(run: _Run) -> WorkflowHandle:
    handle = await run.start_account(2)
    await run.until_account_has(2)
    return handle


async def _continued(run: _Run) -> WorkflowHandle:
    handle = await run.start_account(3)
    first_run = run.client.get_workflow_handle(
        run.workflow_id, run_id=handle.first_execution_run_id
    )
    await run.until_closed(first_run, WorkflowExecutionStatus.CONTINUED_AS_NEW)
    await run.until_account_has(3)
    return handle


async def _sleeping(run: _Run) -> WorkflowHandle:
    handle = await run.start_reminder(WEEK)
    await run.until_reminders_are(0)
    return handle


async def _sleeping_again(run: _Run) -> WorkflowHandle:
    handle = await run.start_reminder(SOON, SOON, WEEK)
    await run.until_reminders_are(2)
    return handle


async def _reminded(run: _Run) -> WorkflowHandle:
    handle = await run.start_reminder(SOON, SOON)
    await run.until_closed(handle, WorkflowExecutionStatus.COMPLETED)
    return handle


SCENARIOS: Dict[str, Callable[[_Run], Awaitable[WorkflowHandle]]] = {
    "order-waiting-for-approval": _waiting_for_approval,
    "order-address-changed": _address_changed,
    "order-charging": _charging,
    "order-packing": _packing,
    "order-in-transit": _in_transit,
    "order-completed": _completed,
    "order-approved": _approved,
    "order-expired": _expired,
    "order-cancelled": _cancelled,
    "order-failed": _failed,
    "account-collecting": _collecting,
    "account-continued": _continued,
    "reminder-sleeping": _sleeping,
    "reminder-sleeping-again": _sleeping_again,
    "reminder-completed": _reminded,
}
