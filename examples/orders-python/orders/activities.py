"""In-memory stand-ins for a warehouse, a bank, a carrier and a mail service.

Every result follows from the arguments and the attempt alone, so that two workers, or a restarted one,
agree.
"""

from typing import Dict, List

from temporalio import activity
from temporalio.exceptions import ApplicationError

from orders.workflows.types import Address, Item

_reservations: Dict[str, List[Item]] = {}
_charges: Dict[str, int] = {}
_parcels: Dict[str, Address] = {}
_letters: List[str] = []


@activity.defn(name="reserveStock")
async def reserve_stock(order_id: str, items: List[Item]) -> None:
    """The SKU `out-of-stock` fails for good."""
    if any(item.sku == "out-of-stock" for item in items):
        raise ApplicationError("An item is out of stock", type="OutOfStock", non_retryable=True)
    _reservations[order_id] = items


@activity.defn(name="releaseStock")
async def release_stock(order_id: str) -> None:
    _reservations.pop(order_id, None)


@activity.defn(name="chargeCard")
async def charge_card(order_id: str, card: str, amount: int) -> str:
    """Charges every card at once, and returns the ID of the charge, except:

    - `card-declined` fails for good,
    - `card-flaky` fails at the first two attempts,
    - `card-pending` blocks: the activity stays open until the bank confirms the charge with an
      asynchronous completion, and holds no worker while it waits.
    """
    if card == "card-declined":
        raise ApplicationError("The card was declined", type="CardDeclined", non_retryable=True)
    if card == "card-flaky" and activity.info().attempt <= 2:
        raise ApplicationError("The bank did not answer", type="BankUnavailable")
    if card == "card-pending":
        activity.raise_complete_async()
    charge_id = f"charge-{order_id}"
    _charges[charge_id] = amount
    return charge_id


@activity.defn(name="refundCard")
async def refund_card(charge_id: str) -> None:
    _charges.pop(charge_id, None)


@activity.defn(name="shipParcel")
async def ship_parcel(order_id: str, items: List[Item], address: Address) -> str:
    """Returns the tracking number."""
    tracking_number = f"parcel-{order_id}-{sum(item.quantity for item in items)}"
    _parcels[tracking_number] = address
    return tracking_number


@activity.defn(name="sendReceipt")
async def send_receipt(order_id: str, amount: int) -> None:
    _letters.append(f"Receipt for order {order_id}: {amount}")


@activity.defn(name="recordPurchase")
async def record_purchase(customer_id: str, order_id: str) -> None:
    _letters.append(f"Thank you, {customer_id}, for order {order_id}")


@activity.defn(name="sendStatement")
async def send_statement(customer_id: str, total: int) -> None:
    _letters.append(f"Statement for customer {customer_id}: {total}")


@activity.defn(name="sendReminder")
async def send_reminder(customer_id: str, text: str) -> None:
    _letters.append(f"Reminder for customer {customer_id}: {text}")


ACTIVITIES = [
    reserve_stock,
    release_stock,
    charge_card,
    refund_card,
    ship_parcel,
    send_receipt,
    record_purchase,
    send_statement,
    send_reminder,
]
