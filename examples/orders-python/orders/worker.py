"""`python -m orders.worker` runs until SIGINT or SIGTERM."""

import asyncio
import signal

from temporalio.worker import Worker

from orders.activities import ACTIVITIES
from orders.connection import connect_client, task_queue
from orders.versioning import describe_versioning, versioning_options
from orders.workflows import WORKFLOWS


async def main() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Worker(
        await connect_client(),
        task_queue=task_queue(),
        workflows=WORKFLOWS,
        activities=ACTIVITIES,
        **versioning_options(),
    ):
        print(f"Worker of task queue {task_queue()} is ready, {describe_versioning()}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
