"""`python -m system_patch.worker` runs until SIGINT or SIGTERM.

With BUILD_ID, the worker is of that build ID in a version set of its task queue.
"""

import asyncio
import os
import signal

from temporalio.worker import Worker

from system_patch.activities import ACTIVITIES
from system_patch.connection import connect_client, task_queue
from system_patch.workflows import WORKFLOWS


async def main() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    build_id = os.environ.get("BUILD_ID")
    async with Worker(
        await connect_client(),
        task_queue=task_queue(),
        workflows=WORKFLOWS,
        activities=ACTIVITIES,
        **({"build_id": build_id, "use_worker_versioning": True} if build_id else {}),
    ):
        print(f"Worker of task queue {task_queue()} is ready, {build_id or 'unversioned'}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
