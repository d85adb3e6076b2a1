"""Updates with a validator, timeouts, a child, search attributes, a memo, an exception, and a new run."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities import audit, charge, notify, refuse, store

TIMEOUT = timedelta(seconds=10)
CUSTOMER = SearchAttributeKey.for_keyword("Customer")


@dataclass
class AccountInput:
    owner: str
    year: int


@workflow.defn(name="statement")
class StatementWorkflow:
    @workflow.run
    async def run(self, owner: str) -> str:
        return f"statement of {owner}"


@workflow.defn(name="account")
class AccountWorkflow:
    def __init__(self) -> None:
        self.balance = 0
        self.owner = ""
        self.confirmed = False
        self.closed = False

    @workflow.update
    async def deposit(self, amount: int) -> int:
        await workflow.execute_activity(charge, str(amount), start_to_close_timeout=TIMEOUT)
        self.balance += amount
        return self.balance

    @deposit.validator
    def check_deposit(self, amount: int) -> None:
        if amount <= 0:
            raise ValueError("a deposit is more than nothing")

    @workflow.update
    def change_owner(self, owner: str) -> str:
        self.owner = owner
        return self.owner

    @workflow.signal
    def confirm(self) -> None:
        self.confirmed = True

    @workflow.signal
    async def close(self) -> None:
        self.closed = True

    @workflow.run
    async def run(self, account: AccountInput) -> None:
        self.owner = account.owner
        workflow.upsert_search_attributes([CUSTOMER.value_set(account.owner)])
        await workflow.wait_condition(lambda: self.balance > 0)
        await workflow.execute_activity(notify, "first deposit", start_to_close_timeout=TIMEOUT)
        await workflow.wait_condition(lambda: self.owner != account.owner)
        workflow.upsert_memo({"owner": self.owner})
        await workflow.execute_child_workflow(
            StatementWorkflow.run, self.owner, id=f"{workflow.info().workflow_id}-statement"
        )
        try:
            await workflow.execute_activity(
                refuse,
                "credit",
                start_to_close_timeout=TIMEOUT,
                retry_policy=RetryPolicy(maximum_attempts=2),
            )
        except ActivityError:
            await workflow.execute_activity(store, "no credit", start_to_close_timeout=TIMEOUT)
        try:
            await workflow.wait_condition(lambda: self.confirmed, timeout=3600)
        except asyncio.TimeoutError:
            await workflow.execute_activity(notify, "too late", start_to_close_timeout=TIMEOUT)
        for month in range(1, 4):
            await workflow.execute_activity(
                audit, f"month {month}", start_to_close_timeout=TIMEOUT
            )
            if month == 2:
                await asyncio.sleep(0.02)
        await workflow.wait_condition(lambda: self.closed)
        await workflow.execute_activity(notify, self.owner, start_to_close_timeout=TIMEOUT)
        if account.year < 2:
            workflow.continue_as_new(AccountInput(self.owner, account.year + 1))
