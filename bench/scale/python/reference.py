"""What a person writes who replays with the SDK alone: one Replayer, all histories, one process.

`python reference.py HISTORIES`, in the application's folder; prints what gate-loop.ts prints.
"""

import asyncio
import base64
import json
import os
import sys
import time

from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

sys.path.insert(0, os.getcwd())

from orders.workflows import WORKFLOWS  # noqa: E402


async def main() -> None:
    # Read and parsed beforehand: the gate does both within its time.
    histories = []
    with open(sys.argv[1], encoding="utf8") as file:
        for line in file:
            one = json.loads(line)
            history = History.FromString(base64.b64decode(one["history"]))
            histories.append(WorkflowHistory(one["workflowId"], list(history.events)))

    async def all_of_them():
        for history in histories:
            yield history

    replayed = passed = 0
    replayer = Replayer(workflows=WORKFLOWS)
    async with replayer.workflow_replay_iterator(all_of_them()) as results:
        # Its start is no part of the time, as that of the gate's processes is not.
        began, cpu = time.perf_counter(), time.process_time()
        async for result in results:
            replayed += 1
            passed += result.replay_failure is None
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(json.dumps({"replayed": replayed, "passed": passed, "seconds": seconds, "cpuMs": cpu * 1000}))


asyncio.run(main())
sys.stdout.flush()
# Threads of the SDK's can still run while the interpreter is taken apart.
os._exit(0)
