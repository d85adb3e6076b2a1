"""Reads the standard `TEMPORAL_*` variables, and the profile in `temporal.toml` where there is one."""

import os

from temporalio.client import Client
from temporalio.envconfig import ClientConfig


def task_queue() -> str:
    return os.environ.get("TASK_QUEUE") or "system-patch"


async def connect_client() -> Client:
    options = ClientConfig.load_client_connect_config()
    options.setdefault("target_host", "localhost:7233")
    return await Client.connect(**options)
