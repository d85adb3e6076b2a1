import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from orders import activities

from .types import ShipmentInput, ShipmentResult


@workflow.defn(name="shipment")
class Shipment:
    """Child of an order: packs the parcel, hands it to the carrier, waits until it is delivered."""

    def __init__(self) -> None:
        self._status = "packing"
        self._is_confirmed = False

    @workflow.query
    def status(self) -> str:
        return self._status

    @workflow.signal
    def delivered(self) -> None:
        self._is_confirmed = True

    @workflow.run
    async def run(self, shipment: ShipmentInput) -> ShipmentResult:
        await asyncio.sleep(shipment.packing_time)

        self._status = "handing-over"
        tracking_number = await workflow.execute_activity(
            activities.ship_parcel,
            args=[shipment.order_id, shipment.items, shipment.address],
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(milliseconds=100), maximum_attempts=10
            ),
        )

        self._status = "in-transit"
        try:
            await workflow.wait_condition(
                lambda: self._is_confirmed, timeout=shipment.delivery_timeout
            )
        except asyncio.TimeoutError:
            pass

        self._status = "delivered"
        return ShipmentResult(tracking_number, self._is_confirmed)
