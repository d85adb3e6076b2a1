"""Held out: see README.md."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities import charge, count, draw, notify, refund, reserve, store

TIMEOUT = timedelta(seconds=10)


@dataclass
class OnboardingInput:
    person: str
    laptop: bool


@workflow.defn(name="prepareDesk")
class DeskWorkflow:
    @workflow.run
    async def run(self, person: str) -> str:
        return f"desk of {person}"


@workflow.defn(name="onboarding")
class OnboardingWorkflow:
    def __init__(self) -> None:
        self.contract = ""
        self.equipped = False
        self.started = False

    @workflow.signal(name="signContract")
    def sign_contract(self, kind: str) -> None:
        self.contract = kind

    @workflow.signal(name="handOver")
    async def hand_over(self) -> None:
        await workflow.execute_activity(store, "handed over", start_to_close_timeout=TIMEOUT)
        self.equipped = True

    @workflow.signal
    def start(self) -> None:
        self.started = True

    @workflow.run
    async def run(self, onboarding: OnboardingInput) -> str:
        async with asyncio.timeout(3600):
            await workflow.wait_condition(lambda: self.contract != "")
        contract = await workflow.execute_local_activity(
            draw, self.contract, start_to_close_timeout=TIMEOUT
        )
        if onboarding.laptop:
            await workflow.execute_activity(reserve, "laptop", start_to_close_timeout=TIMEOUT)
        desk = await workflow.start_child_workflow(
            DeskWorkflow.run, onboarding.person, id=f"{workflow.info().workflow_id}-desk"
        )
        if workflow.patched("badge"):
            await asyncio.wait_for(self.make_badge(contract), timeout=3600)
        await workflow.wait_condition(lambda: self.equipped)
        size, told = await asyncio.gather(
            workflow.execute_activity(count, contract, start_to_close_timeout=TIMEOUT),
            workflow.execute_activity(notify, "the team", start_to_close_timeout=TIMEOUT),
        )
        await desk
        await asyncio.sleep(0.02)
        await workflow.execute_activity(refund, told, start_to_close_timeout=TIMEOUT)
        await workflow.wait_condition(lambda: self.started)
        await workflow.execute_activity(notify, str(size), start_to_close_timeout=TIMEOUT)
        return contract

    async def make_badge(self, contract: str) -> None:
        await workflow.execute_activity(charge, contract, start_to_close_timeout=TIMEOUT)
