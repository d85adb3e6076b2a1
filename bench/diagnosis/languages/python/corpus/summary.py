"""Everything at the same time: `gather`, tasks, a race, and what is awaited as it completes."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import List

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities import audit, charge, count, draw, notify, reserve, ship, store

TIMEOUT = timedelta(seconds=10)


@dataclass
class SummaryInput:
    summary_id: str
    regions: List[str]


async def keep(what: str) -> str:
    return await workflow.execute_activity(store, what, start_to_close_timeout=TIMEOUT)


@workflow.defn(name="summary")
class SummaryWorkflow:
    def __init__(self) -> None:
        self.requested_by = ""
        self.published = False
        self.finished = False

    @workflow.signal
    def request(self, by: str) -> None:
        self.requested_by = by

    @workflow.signal
    def publish(self) -> None:
        self.published = True

    @workflow.signal
    def finish(self) -> None:
        self.finished = True

    @workflow.run
    async def run(self, summary: SummaryInput) -> int:
        orders, refunds = await asyncio.gather(
            workflow.execute_activity(
                count, f"orders of {summary.summary_id}", start_to_close_timeout=TIMEOUT
            ),
            workflow.execute_activity(
                store, f"refunds of {summary.summary_id}", start_to_close_timeout=TIMEOUT
            ),
        )
        await workflow.wait_condition(lambda: self.requested_by != "")
        parts = await asyncio.gather(
            *[
                workflow.execute_activity(draw, region, start_to_close_timeout=TIMEOUT)
                for region in summary.regions
            ]
        )
        await asyncio.gather(
            asyncio.sleep(0.02),
            workflow.execute_activity(notify, self.requested_by, start_to_close_timeout=TIMEOUT),
        )
        await workflow.wait_condition(lambda: self.published)
        stored = asyncio.create_task(keep("the text"))
        reserved = asyncio.create_task(
            workflow.execute_activity(reserve, "the printer", start_to_close_timeout=TIMEOUT)
        )
        await asyncio.sleep(0.02)
        for done in workflow.as_completed([stored, reserved]):
            await done
        await workflow.execute_activity(charge, summary.summary_id, start_to_close_timeout=TIMEOUT)
        await workflow.wait_condition(lambda: self.finished)
        await workflow.execute_activity(audit, refunds, start_to_close_timeout=TIMEOUT)
        await workflow.execute_activity(ship, "the paper", start_to_close_timeout=TIMEOUT)
        return orders + len(parts)
