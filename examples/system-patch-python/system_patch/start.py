"""`python -m system_patch.start [count] [state …]`, all states by default.

Prints one started change a line, as JSON, when it has arrived in its state. A worker must be running.
"""

import asyncio
import json
import os
import sys

from system_patch.connection import connect_client, task_queue
from system_patch.executions import STATES, start_changes


async def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    states = sys.argv[2:] or list(STATES)
    for state in states:
        if state not in STATES:
            raise SystemExit(f"No state is named {state}; there are {', '.join(STATES)}")
    for started in await start_changes(await connect_client(), task_queue(), count, states):
        print(json.dumps({**started, "is": STATES[started["state"]]}))


if __name__ == "__main__":
    asyncio.run(main())
    # Threads of the client's can still run while the interpreter is taken apart, and crash it.
    sys.stdout.flush()
    os._exit(0)
