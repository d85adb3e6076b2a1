"""The pipes to the parent, kept out of the way of the code under test."""

from __future__ import annotations

import fcntl
import json
import os
import random
import sys
import threading
import typing


class Channel:
    """Messages to and from the parent, one JSON object a line."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = os.fdopen(incoming, "rb")
        self._outgoing = outgoing
        self._lock = threading.Lock()

    def receive(self) -> typing.Optional[dict]:
        """Waits for the next message; none when the parent is gone."""
        for line in self._incoming:
            if line.strip():
                return json.loads(line)
        return None

    def send(self, message: dict) -> None:
        data = memoryview(json.dumps(message).encode("ascii") + b"\n")
        with self._lock:
            while data:
                data = data[os.write(self._outgoing, data) :]


def open_channel(arguments: typing.Sequence[str]) -> Channel:
    """Moves the protocol to descriptors that prints and reads of the code under test do not use.

    `--channel=N` names the descriptor to write to, by default standard output. Programs that the code under
    test starts do not inherit the copies.
    """
    number = 1
    for argument in arguments:
        if argument.startswith("--channel="):
            number = int(argument[len("--channel=") :])
    outgoing = _out_of_reach(number)
    incoming = _out_of_reach(0)
    if number == 1:
        # SDK Core writes its log to standard output too.
        os.dup2(2, 1)
    else:
        os.close(number)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    if nothing != 0:
        os.close(nothing)
    # Line by line, so that a process that dies leaves no last words in a buffer.
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(line_buffering=True, errors="backslashreplace")
    return Channel(incoming, outgoing)


def _out_of_reach(descriptor: int) -> int:
    """A copy with a number that nobody writes to by chance. Started programs do not get it."""
    for least in (random.randrange(400, 900), 100):
        try:
            return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, least)
        except (OSError, ValueError):
            # The limit of descriptors is lower.
            continue
    return os.dup(descriptor)
