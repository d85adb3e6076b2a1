"""Activities one after the other, a patch, a local activity, a timer, and three waits for signals."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities import charge, check_fraud, draw, notify, reserve, ship

TIMEOUT = timedelta(seconds=10)


@dataclass
class OrderInput:
    order_id: str
    amount: int


@workflow.defn(name="order")
class OrderWorkflow:
    def __init__(self) -> None:
        self.approved_by = ""
        self.paid = 0
        self.delivered = False

    @workflow.signal
    def approve(self, by: str) -> None:
        self.approved_by = by

    @workflow.signal
    def pay(self, amount: int) -> None:
        self.paid += amount

    @workflow.signal
    def deliver(self) -> None:
        self.delivered = True

    @workflow.run
    async def run(self, order: OrderInput) -> str:
        reservation = await workflow.execute_activity(
            reserve, order.order_id, start_to_close_timeout=TIMEOUT
        )
        await workflow.execute_activity(notify, "reserved", start_to_close_timeout=TIMEOUT)
        await workflow.wait_condition(lambda: self.approved_by != "")
        if workflow.patched("check-fraud"):
            await workflow.execute_activity(
                check_fraud, order.order_id, start_to_close_timeout=TIMEOUT
            )
        await asyncio.sleep(0.03)
        receipt = await workflow.execute_local_activity(
            draw, order.order_id, start_to_close_timeout=TIMEOUT
        )
        await workflow.execute_activity(notify, "approved", start_to_close_timeout=TIMEOUT)
        await workflow.wait_condition(lambda: self.paid >= order.amount)
        await workflow.execute_activity(charge, reservation, start_to_close_timeout=TIMEOUT)
        await workflow.sleep(timedelta(milliseconds=20))
        await workflow.execute_activity(ship, order.order_id, start_to_close_timeout=TIMEOUT)
        await workflow.wait_condition(lambda: self.delivered)
        await workflow.execute_activity(notify, receipt, start_to_close_timeout=TIMEOUT)
        return receipt
