"""From the first message to the last."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import sys
import time
import traceback
import typing

from .channel import Channel
from .fatal import Fatal


def run(channel: Channel) -> typing.NoReturn:
    """Never returns: an interpreter that ends would wait for threads of the code under test."""
    code = 1
    try:
        _converse(channel)
        code = 0
    except Fatal as fatal:
        _send_fatal(channel, str(fatal), fatal.hint)
    except BaseException:
        _send_fatal(channel, traceback.format_exc())
    finally:
        os._exit(code)


def _converse(channel: Channel) -> None:
    message = channel.receive()
    if message is None or message["type"] == "end":
        return
    if message["type"] != "start":
        raise Fatal("a replay was asked for before the start")
    if message["protocol"] != 1:
        raise Fatal(f"protocol version {message['protocol']} is not known, only version 1")
    application = _load(message)
    # Load the user's modules outside of any event loop, as a worker's program does.
    asyncio.run(_serve(channel, application, message["namespace"]))


def _load(message: dict) -> typing.Any:
    _import_sdk()
    from .application import load_application

    options = message.get("options") or {}
    return load_application(
        folder=os.getcwd(),
        workflows=message.get("workflows"),
        options=options.get("module"),
        accelerated=options.get("accelerate") is not False,
    )


def _import_sdk() -> None:
    try:
        import temporalio.worker  # noqa: F401
    except ImportError as error:
        raise Fatal(
            f"the Python interpreter {sys.executable} cannot import temporalio: {error}",
            "install the application's dependencies before the action runs; docs/python.md says how the action "
            "finds the interpreter of the application's environment",
        ) from None


async def _serve(channel: Channel, application: typing.Any, namespace: str) -> None:
    from .replays import Replays

    replays = Replays(application, namespace)
    try:
        await replays.open()
    except Exception as error:
        raise application.why_no_worker(error) from None
    channel.send(
        {
            "type": "ready",
            "language": "python",
            "sdk": {"name": "temporalio", "version": application.sdk_version},
            "workflowTypes": application.workflow_types,
            "dynamic": application.dynamic,
            "sources": application.sources,
            "chance": "process" if application.holds_chance else "none",
            "skipped": [{"what": what, "why": why} for what, why in application.skipped],
        }
    )
    loop = asyncio.get_running_loop()
    reader = concurrent.futures.ThreadPoolExecutor(max_workers=1)
    while True:
        message = await loop.run_in_executor(reader, channel.receive)
        if message is None or message["type"] == "end":
            # Do not wait for the executions' coroutines: the parent is gone.
            os._exit(0)
        if message["type"] != "replay":
            raise Fatal(f"a message {message['type']} is not known")
        started = time.perf_counter()
        result = await replays.replay(message)
        result["type"] = "result"
        result["id"] = message["id"]
        result["durationMs"] = round((time.perf_counter() - started) * 1000, 3)
        channel.send(result)


def _send_fatal(channel: Channel, message: str, hint: typing.Optional[str] = None) -> None:
    fatal = {"type": "fatal", "message": message}
    if hint is not None:
        fatal["hint"] = hint
    try:
        channel.send(fatal)
    except OSError:
        # The parent is gone.
        pass
