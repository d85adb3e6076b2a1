"""What a command carries besides its kind and its name, read from SDK Core's message."""

from __future__ import annotations

import typing

from .carried import Carried


def carried_by(variant: str, fields: typing.Any, task_queue: str) -> typing.Optional[dict]:
    """In the protocol's words. None for a command of which nothing is compared.

    `task_queue` is that of the run. It continues as new on it unless it names another.
    """
    carrier = _CARRIERS.get(variant)
    if carrier is None:
        return None
    carried = Carried()
    try:
        carrier(carried, fields)
        if variant == "continue_as_new_workflow_execution":
            carried.value("taskQueue", fields.task_queue or task_queue)
    except (AttributeError, TypeError, ValueError):
        # Another release of the SDK has another form: then nothing is compared.
        return None
    return carried.done()


def _timer(carried: Carried, fields: typing.Any) -> None:
    carried.duration(fields, "start_to_fire_timeout")


def _activity(carried: Carried, fields: typing.Any) -> None:
    carried.payloads("argument", fields.arguments)
    carried.value("taskQueue", fields.task_queue)
    for name in (
        "schedule_to_close_timeout",
        "schedule_to_start_timeout",
        "start_to_close_timeout",
        "heartbeat_timeout",
    ):
        carried.duration(fields, name)
    carried.retry_policy(fields)
    carried.priority(fields)


def _local_activity(carried: Carried, fields: typing.Any) -> None:
    carried.payloads("argument", fields.arguments)


def _child(carried: Carried, fields: typing.Any) -> None:
    carried.payloads("argument", fields.input)
    carried.value("taskQueue", fields.task_queue)
    for name in ("workflow_execution_timeout", "workflow_run_timeout", "workflow_task_timeout"):
        carried.duration(fields, name)
    carried.enum("parentClosePolicy", _PARENT_CLOSE_POLICIES, fields.parent_close_policy)
    carried.enum("workflowIdReusePolicy", _ID_REUSE_POLICIES, fields.workflow_id_reuse_policy)
    carried.retry_policy(fields)
    carried.value("cronSchedule", fields.cron_schedule)
    carried.payload_map("memo", fields.memo)
    carried.payload_map("search attribute", _indexed(fields.search_attributes))
    carried.priority(fields)


def _signal(carried: Carried, fields: typing.Any) -> None:
    carried.payloads("argument", fields.args)
    carried.text(
        "target Workflow ID", fields.workflow_execution.workflow_id or fields.child_workflow_id
    )


def _cancel_external(carried: Carried, fields: typing.Any) -> None:
    carried.text("target Workflow ID", fields.workflow_execution.workflow_id)


def _nexus(carried: Carried, fields: typing.Any) -> None:
    if fields.HasField("input"):
        carried.payload("input", fields.input)
    carried.value("endpoint", fields.endpoint)
    carried.value("service", fields.service)
    for name in (
        "schedule_to_close_timeout",
        "schedule_to_start_timeout",
        "start_to_close_timeout",
    ):
        carried.duration(fields, name)


def _search_attributes(carried: Carried, fields: typing.Any) -> None:
    carried.payload_map("search attribute", _indexed(fields.search_attributes))


def _memo(carried: Carried, fields: typing.Any) -> None:
    carried.payload_map("memo", fields.upserted_memo.fields)


def _update(carried: Carried, fields: typing.Any) -> None:
    if fields.HasField("completed"):
        carried.payload("result", fields.completed)
    if fields.HasField("rejected"):
        carried.failure(fields.rejected)


def _complete(carried: Carried, fields: typing.Any) -> None:
    if fields.HasField("result"):
        carried.payload("result", fields.result)


def _fail(carried: Carried, fields: typing.Any) -> None:
    carried.failure(fields.failure)


def _continue_as_new(carried: Carried, fields: typing.Any) -> None:
    carried.payloads("argument", fields.arguments)
    for name in ("workflow_run_timeout", "workflow_task_timeout", "backoff_start_interval"):
        carried.duration(fields, name)
    carried.payload_map("memo", fields.memo)
    carried.payload_map("search attribute", _indexed(fields.search_attributes))


def _indexed(search_attributes: typing.Any) -> typing.Any:
    """Later releases put the map into a message."""
    return getattr(search_attributes, "indexed_fields", search_attributes)


#: In the order of their numbers in Temporal's API; the default is left empty.
_PARENT_CLOSE_POLICIES = ("TERMINATE", "TERMINATE", "ABANDON", "REQUEST_CANCEL")
_ID_REUSE_POLICIES = (
    "ALLOW_DUPLICATE",
    "ALLOW_DUPLICATE",
    "ALLOW_DUPLICATE_FAILED_ONLY",
    "REJECT_DUPLICATE",
    "TERMINATE_IF_RUNNING",
)

_CARRIERS: typing.Mapping[str, typing.Callable[[Carried, typing.Any], None]] = {
    "start_timer": _timer,
    "schedule_activity": _activity,
    "schedule_local_activity": _local_activity,
    "start_child_workflow_execution": _child,
    "signal_external_workflow_execution": _signal,
    "request_cancel_external_workflow_execution": _cancel_external,
    "schedule_nexus_operation": _nexus,
    "upsert_workflow_search_attributes": _search_attributes,
    "modify_workflow_properties": _memo,
    "update_response": _update,
    "complete_workflow_execution": _complete,
    "fail_workflow_execution": _fail,
    "continue_as_new_workflow_execution": _continue_as_new,
}
