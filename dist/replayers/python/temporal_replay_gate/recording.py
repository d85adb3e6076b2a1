"""What one recorded replay issued, in the protocol's words."""

from __future__ import annotations

import collections
import typing

from .carried_by import carried_by
from .frames import Place, as_fields, place_of_function

#: SDK Core's command variants in Temporal's words, without those that issue no command.
COMMANDS = {
    "start_timer": "StartTimer",
    "cancel_timer": "CancelTimer",
    "schedule_activity": "ScheduleActivityTask",
    "request_cancel_activity": "RequestCancelActivityTask",
    "schedule_local_activity": "ScheduleLocalActivity",
    "start_child_workflow_execution": "StartChildWorkflowExecution",
    "cancel_child_workflow_execution": "CancelChildWorkflowExecution",
    "signal_external_workflow_execution": "SignalExternalWorkflowExecution",
    "request_cancel_external_workflow_execution": "RequestCancelExternalWorkflowExecution",
    "schedule_nexus_operation": "ScheduleNexusOperation",
    "request_cancel_nexus_operation": "RequestCancelNexusOperation",
    "set_patch_marker": "SetPatchMarker",
    "upsert_workflow_search_attributes": "UpsertWorkflowSearchAttributes",
    "modify_workflow_properties": "ModifyWorkflowProperties",
    "update_response": "UpdateResponse",
    "complete_workflow_execution": "CompleteWorkflowExecution",
    "fail_workflow_execution": "FailWorkflowExecution",
    "cancel_workflow_execution": "CancelWorkflowExecution",
    "continue_as_new_workflow_execution": "ContinueAsNewWorkflowExecution",
}

#: Cancellations by what they cancel. When start and cancellation are in one task, neither is sent.
WITHDRAWALS = {
    "cancel_timer": "start_timer",
    "request_cancel_activity": "schedule_activity",
    "cancel_child_workflow_execution": "start_child_workflow_execution",
    "request_cancel_nexus_operation": "schedule_nexus_operation",
}

#: What ends a run.
TERMINAL = {
    "complete_workflow_execution",
    "fail_workflow_execution",
    "cancel_workflow_execution",
    "continue_as_new_workflow_execution",
}

#: SDK Core's flag of histories in which the command that ends the run comes after all others of its task.
#: Without the flag, Core drops the commands behind it.
MOVES_TERMINAL_COMMANDS = 2

#: Fields that name a command; the first that it has.
NAMES = ("activity_type", "workflow_type", "signal_name", "patch_id", "operation")
IDS = ("activity_id", "workflow_id", "protocol_instance_id", "seq")

#: How many waits that are over are told.
MAX_WAITS = 1000

#: `ABANDON` of activities; of child workflows and Nexus operations it is the default, 0.
ABANDONED_ACTIVITY = 2


class Recording:
    """Collects while the code runs; reads commands at the end of their activation."""

    def __init__(self, task_queue: str, terminal_commands_move: bool) -> None:
        self._task_queue = task_queue
        self._terminal_commands_move = terminal_commands_move
        self._pending: typing.List[
            typing.Tuple[typing.Any, int, typing.Optional[Place], typing.Optional[Place]]
        ] = []
        self._commands: typing.List[dict] = []
        self._patches: typing.List[dict] = []
        self._waits: typing.Dict[int, dict] = {}
        self._open_waits: typing.List[dict] = []
        self._ended_waits: typing.Deque[dict] = collections.deque(maxlen=MAX_WAITS)
        self._over_waits: typing.List[dict] = []
        self._definition: typing.Optional[Place] = None
        self._handlers: typing.List[dict] = []
        self._unhandled: typing.List[str] = []
        self._next_wait = 0
        self._updates: typing.Dict[str, typing.Optional[Place]] = {}
        self._accepted: typing.Set[str] = set()
        # Starts by variant and number, and those whose cancellation never leaves SDK Core.
        self._started: typing.Dict[typing.Tuple[str, int], dict] = {}
        self._abandoned: typing.Set[typing.Tuple[str, int]] = set()

    def add_command(
        self,
        command: typing.Any,
        length: int,
        place: typing.Optional[Place],
        canceled_at: typing.Optional[Place],
    ) -> None:
        """`canceled_at` is where the user's code cancelled before this, for a command that passes that on."""
        self._pending.append((command, length, place, canceled_at))

    def add_patch(
        self, id: str, answer: bool, deprecated: bool, place: typing.Optional[Place]
    ) -> None:
        patch = {"id": id, "answer": answer is True, **as_fields(place)}
        if deprecated:
            patch["deprecated"] = True
        self._patches.append(patch)

    def begin_wait(self, length: int, place: typing.Optional[Place]) -> int:
        self._next_wait += 1
        self._waits[self._next_wait] = {"historyLength": length, **as_fields(place)}
        return self._next_wait

    def end_wait(self, key: int) -> None:
        wait = self._waits.pop(key, None)
        if wait is not None:
            self._ended_waits.append({**wait, "over": True})

    def observe(self, instance: typing.Any) -> None:
        """What is open between two activations, because the eviction at the end of a replay removes it."""
        self._open_waits = list(self._waits.values())
        self._over_waits = list(self._ended_waits)
        self._handlers = [
            {"kind": kind, "name": name, **as_fields(place_of_function(definition.fn, decorated=True))}
            for kind, attribute in (("signal", "_signals"), ("update", "_updates"))
            for name, definition in (getattr(instance, attribute, None) or {}).items()
            if name is not None
        ]
        buffered = getattr(instance, "_buffered_signals", None) or {}
        self._unhandled = [name for name, jobs in buffered.items() for _ in jobs]

    def define(self, place: typing.Optional[Place]) -> None:
        """Where the workflow's method is declared."""
        self._definition = place

    def add_update(self, update: str, place: typing.Optional[Place]) -> None:
        """The place of the update's handler, of which no line is on the stack then."""
        self._updates[update] = place

    def end_activation(self) -> None:
        pending, self._pending = self._pending, []
        ended: typing.Optional[dict] = None
        for command, length, place, canceled_at in pending:
            variant = command.WhichOneof("variant")
            if variant not in COMMANDS:
                continue
            if variant in WITHDRAWALS and canceled_at is not None:
                place = canceled_at
            record = self._read(variant, getattr(command, variant), length, place)
            if ended is not None and not self._terminal_commands_move:
                record["elided"] = True
            self._commands.append(record)
            if ended is None and variant in TERMINAL:
                ended = record
        if ended is not None and self._terminal_commands_move:
            self._commands.remove(ended)
            self._commands.append(ended)

    def take(self) -> dict:
        taken: typing.Dict[str, typing.Any] = {
            "commands": self._commands,
            "patches": self._patches,
            "waits": self._over_waits + self._open_waits,
            "handlers": self._handlers,
            "unhandledSignals": self._unhandled,
        }
        if self._definition is not None:
            taken["definition"] = as_fields(self._definition)
        return taken

    def _read(
        self, variant: str, fields: typing.Any, length: int, place: typing.Optional[Place]
    ) -> dict:
        if place is None and variant == "update_response":
            place = self._updates.get(fields.protocol_instance_id)
        record = {
            "command": COMMANDS[variant],
            "name": self._answer(fields) if variant == "update_response" else _first(fields, NAMES),
            "historyLength": length,
            **as_fields(place),
        }
        identifier = _first(fields, IDS)
        if identifier != "":
            record["id"] = identifier
        carries = carried_by(variant, fields, self._task_queue)
        if carries is not None:
            record["carries"] = carries
        self._mark_withdrawn(variant, fields, record)
        return record

    def _mark_withdrawn(self, variant: str, fields: typing.Any, record: dict) -> None:
        number = getattr(fields, "seq", None) or getattr(fields, "child_workflow_seq", None)
        if number is None:
            return
        cancels = WITHDRAWALS.get(variant)
        if cancels is None:
            self._started[(variant, number)] = record
            if variant == "schedule_activity" and fields.cancellation_type == ABANDONED_ACTIVITY:
                self._abandoned.add((variant, number))
            if variant == "start_child_workflow_execution" and fields.cancellation_type == 0:
                self._abandoned.add((variant, number))
            return
        start = self._started.get((cancels, number))
        if start is not None and "file" not in record:
            # A task of the SDK that waits for the outcome issued it, and nothing tells which line cancelled.
            record.update({key: start[key] for key in ("file", "line", "callers") if key in start})
        if start is not None and start["historyLength"] == record["historyLength"]:
            start["elided"] = True
            record["elided"] = True
        elif (cancels, number) in self._abandoned:
            record["elided"] = True

    def _answer(self, fields: typing.Any) -> str:
        """In history's words. The SDK says `rejected` of an update that is refused, which leaves no event, and
        also of one that fails after it was accepted, which history holds as completed."""
        update = fields.protocol_instance_id
        if fields.HasField("accepted"):
            self._accepted.add(update)
            return "accepted"
        if fields.HasField("rejected") and update not in self._accepted:
            return "rejected"
        return "completed"


def _first(fields: typing.Any, names: typing.Sequence[str]) -> str:
    for name in names:
        if name in fields.DESCRIPTOR.fields_by_name:
            return str(getattr(fields, name))
    return ""
