"""All workflow classes, as the worker registers them."""

from .customer_account import CustomerAccount
from .order import Order
from .reminder import Reminder
from .shipment import Shipment

WORKFLOWS = [CustomerAccount, Order, Reminder, Shipment]
