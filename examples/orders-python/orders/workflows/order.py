import asyncio
from datetime import timedelta
from typing import Awaitable, Callable, List

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from orders import activities

from .shipment import Shipment
from .types import Address, OrderInput, OrderResult, ShipmentInput

APPROVAL_LIMIT = 1_000

SOON = {
    "start_to_close_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=5),
}

# A bank may take days to confirm a charge, and does not acknowledge cancellation.
SOMETIME = {**SOON, "start_to_close_timeout": timedelta(days=7)}


@workflow.defn(name="order")
class Order:
    """Reserves stock, waits for approval of a large amount, charges the card, ships, sends a receipt."""

    def __init__(self) -> None:
        self._status = "reserving-stock"
        self._is_approved = False
        self._address = Address("", "", "")
        self._compensations: List[Callable[[], Awaitable[None]]] = []

    @workflow.query
    def status(self) -> str:
        return self._status

    @workflow.signal
    def approve(self) -> None:
        self._is_approved = True

    @workflow.update(name="changeAddress")
    def change_address(self, address: Address) -> Address:
        self._address = address
        return address

    @change_address.validator
    def validate_address(self, address: Address) -> None:
        if not address.street.strip() or not address.city.strip():
            raise ValueError("An address needs a street and a city")
        if self._status not in ("reserving-stock", "waiting-for-approval"):
            raise ValueError(f"The address can no longer be changed: the order is {self._status}")

    @workflow.run
    async def run(self, order: OrderInput) -> OrderResult:
        if not self._address.street:
            self._address = order.address
        try:
            return await self._process(order)
        except (FailureError, asyncio.CancelledError):
            # Anything else is a bug: the task is retried, and the order goes on once the bug is fixed.
            self._status = "compensating"
            await self._compensate()
            raise

    async def _process(self, order: OrderInput) -> OrderResult:
        await workflow.execute_activity(
            activities.reserve_stock, args=[order.order_id, order.items], **SOON
        )
        self._compensations.append(
            lambda: workflow.execute_activity(activities.release_stock, order.order_id, **SOON)
        )

        if order.amount > APPROVAL_LIMIT and not self._is_approved:
            self._status = "waiting-for-approval"
            try:
                await workflow.wait_condition(
                    lambda: self._is_approved, timeout=order.approval_timeout
                )
            except asyncio.TimeoutError:
                await self._compensate()
                self._status = "expired"
                return OrderResult("expired")

        self._status = "charging"
        charge_id = await workflow.execute_activity(
            activities.charge_card, args=[order.order_id, order.card, order.amount], **SOMETIME
        )
        self._compensations.append(
            lambda: workflow.execute_activity(activities.refund_card, charge_id, **SOON)
        )

        self._status = "shipping"
        shipment = await workflow.execute_child_workflow(
            Shipment.run,
            ShipmentInput(
                order.order_id,
                order.items,
                self._address,
                order.packing_time,
                order.delivery_timeout,
            ),
            id=f"{workflow.info().workflow_id}-shipment",
        )

        await workflow.execute_activity(
            activities.send_receipt, args=[order.order_id, order.amount], **SOON
        )
        self._status = "completed"
        return OrderResult("completed", charge_id, shipment.tracking_number)

    async def _compensate(self) -> None:
        # The last thing done is undone first.
        while self._compensations:
            await self._compensations.pop()()
