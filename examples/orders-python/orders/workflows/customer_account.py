from dataclasses import replace
from datetime import timedelta
from typing import List

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from orders import activities

from .types import AccountBalance, CustomerAccountInput, Purchase

SOON = {
    "start_to_close_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=5),
}


@workflow.defn(name="customerAccount")
class CustomerAccount:
    """Lives as long as its customer: adds up purchases, sends a statement every few of them."""

    def __init__(self) -> None:
        self._balance = AccountBalance()
        self._unhandled: List[Purchase] = []

    @workflow.query
    def balance(self) -> AccountBalance:
        return self._balance

    @workflow.signal
    def purchase(self, purchase: Purchase) -> None:
        self._unhandled.append(purchase)

    @workflow.run
    async def run(self, account: CustomerAccountInput) -> None:
        self._balance = account.balance
        # Signals can arrive before the first line of this method.
        self._unhandled = [*account.unhandled, *self._unhandled]

        for _ in range(account.purchases_per_run):
            await workflow.wait_condition(lambda: len(self._unhandled) > 0)
            purchase = self._unhandled.pop(0)
            await workflow.execute_activity(
                activities.record_purchase, args=[account.customer_id, purchase.order_id], **SOON
            )
            self._balance = AccountBalance(
                self._balance.purchases + 1, self._balance.total + purchase.amount
            )

        await workflow.execute_activity(
            activities.send_statement, args=[account.customer_id, self._balance.total], **SOON
        )
        workflow.continue_as_new(
            replace(account, balance=self._balance, unhandled=self._unhandled)
        )
