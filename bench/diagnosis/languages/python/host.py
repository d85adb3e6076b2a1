"""Hosts all workers of one run of the bench: a process for each would take seconds to start.

Orders come on standard input, one a line, with tabs between the words: `NUMBER start ADDRESS NAMESPACE
TASK_QUEUE FOLDER MODULE` and `NUMBER stop WHAT`, where WHAT is the number of a start. Each is answered by
`NUMBER done` or `NUMBER failed WORDS`. It ends with its standard input.

`python host.py ACTIVITIES`: a folder with the module of the activities, which all code has in common.
"""

import asyncio
import importlib
import inspect
import logging
import os
import sys
import tempfile
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker


class Host:
    def __init__(self, links: str) -> None:
        self._links = links
        self._workers = {}

    async def start(self, number, address, namespace, task_queue, folder, module) -> None:
        # A name of its own for each code's modules, which the SDK's sandbox imports once more by name.
        package = f"code_{number}"
        os.symlink(folder, os.path.join(self._links, package))
        importlib.invalidate_caches()
        code = importlib.import_module(f"{package}.{module}")
        from activities import ACTIVITIES

        worker = Worker(
            # Each worker is another one in history.
            await Client.connect(address, namespace=namespace, identity=f"worker {number}"),
            task_queue=task_queue,
            workflows=[
                one
                for _, one in inspect.getmembers(code, inspect.isclass)
                if hasattr(one, "__temporal_workflow_definition")
            ],
            activities=ACTIVITIES,
            # What the last worker had in its cache nobody has any more; the server notices after this long.
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=5),
        )
        self._workers[number] = (worker, asyncio.create_task(worker.run()))

    async def stop(self, number) -> None:
        worker, running = self._workers.pop(number)
        await worker.shutdown()
        await running


async def answer(host: Host, number: str, order: str, *words: str) -> None:
    try:
        if order == "start":
            await host.start(number, *words)
        else:
            await host.stop(*words)
        text = "done"
    except BaseException as error:
        text = "failed\t" + " ".join(f"{type(error).__name__}: {error}".split())
    print(f"{number}\t{text}", flush=True)


async def main() -> None:
    # Workflow tasks that fail are what this is about; what the SDK says of them is in the histories.
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as links:
        sys.path[:0] = [sys.argv[1], links]
        host = Host(links)
        loop = asyncio.get_running_loop()
        answers = set()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            task = asyncio.create_task(answer(host, *line.rstrip("\n").split("\t")))
            answers.add(task)
            task.add_done_callback(answers.discard)
    os._exit(0)


asyncio.run(main())
