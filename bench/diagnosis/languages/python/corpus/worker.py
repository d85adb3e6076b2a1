"""`python worker.py MODULE ADDRESS NAMESPACE TASK_QUEUE FOLDER` runs all workflows of a module until SIGTERM."""

import asyncio
import importlib
import inspect
import logging
import signal
import sys
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities import ACTIVITIES


async def main(module: str, address: str, namespace: str, task_queue: str) -> None:
    # Workflow tasks that fail are what this is about; what the SDK says of them is in the histories.
    logging.disable(logging.CRITICAL)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    workflows = [
        one
        for _, one in inspect.getmembers(importlib.import_module(module), inspect.isclass)
        if hasattr(one, "__temporal_workflow_definition")
    ]
    async with Worker(
        await Client.connect(address, namespace=namespace),
        task_queue=task_queue,
        workflows=workflows,
        activities=ACTIVITIES,
        # What the last worker had in its cache nobody has any more; the server notices after this long.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    ):
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
