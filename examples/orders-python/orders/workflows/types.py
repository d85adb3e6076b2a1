"""What the workflows take and give. Durations are in seconds."""

from dataclasses import dataclass, field
from typing import List, Optional


@dataclass
class Address:
    name: str
    street: str
    city: str


@dataclass
class Item:
    sku: str
    quantity: int


@dataclass
class OrderInput:
    order_id: str
    items: List[Item]
    # In whole currency units. An order above the approval limit waits for an `approve` signal.
    amount: int
    # Token of the card to charge; `activities.py` lists those that do not simply succeed.
    card: str
    address: Address
    # How long an order waits for its approval before it expires.
    approval_timeout: float = 3 * 24 * 3600
    # How long the warehouse takes to pack the parcel.
    packing_time: float = 2 * 3600
    # How long a parcel may be in transit before it counts as delivered without a confirmation.
    delivery_timeout: float = 14 * 24 * 3600


@dataclass
class OrderResult:
    outcome: str
    charge_id: Optional[str] = None
    tracking_number: Optional[str] = None


@dataclass
class ShipmentInput:
    order_id: str
    items: List[Item]
    address: Address
    packing_time: float
    delivery_timeout: float


@dataclass
class ShipmentResult:
    tracking_number: str
    # False when the delivery time-out passed without a `delivered` signal.
    is_confirmed: bool


@dataclass
class Purchase:
    order_id: str
    amount: int


@dataclass
class AccountBalance:
    purchases: int = 0
    total: int = 0


@dataclass
class CustomerAccountInput:
    customer_id: str
    # The account continues as new after this many purchases, to keep its Event History short.
    purchases_per_run: int = 100
    # Carried from one run to the next.
    balance: AccountBalance = field(default_factory=AccountBalance)
    # Purchases that arrived while the previous run was finishing.
    unhandled: List[Purchase] = field(default_factory=list)


@dataclass
class ReminderInput:
    customer_id: str
    text: str
    # How long to wait before each reminder; there are as many reminders as intervals.
    intervals: List[float]
