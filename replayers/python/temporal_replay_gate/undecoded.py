"""Which payloads of a history the code under test cannot decode, and where it asks for them."""

from __future__ import annotations

import sys
import types
import typing

from .asking_places import place_of_parameter, place_of_waiting
from .frames import as_fields
from .undecoded_reason import reason_of

#: More tell nothing new.
MAX_UNDECODED = 20

#: The SDK's functions that decode what a workflow begins with.
_INPUT = {"_make_workflow_input", "_apply_start_workflow", "_apply_initialize_workflow"}

#: Those that decode a result, with how the input of the call names it.
_RESULT = {
    "_apply_resolve_activity": ("activity", "activity"),
    "_apply_resolve_child_workflow_execution": ("child workflow", "workflow"),
    "_apply_resolve_nexus_operation": ("Nexus operation", "operation_name"),
}


class Undecoded:
    """Collects during one replay. The SDK drops a signal, rejects an update and fails a task for a payload that it
    cannot decode, and says hardly more than that."""

    def __init__(self) -> None:
        self._found: typing.List[dict] = []
        self._watch()

    def clear(self) -> None:
        self._found = []

    def take(self) -> typing.List[dict]:
        return self._found[:MAX_UNDECODED]

    def _watch(self) -> None:
        try:
            from temporalio.worker._workflow_instance import _WorkflowInstanceImpl
        except ImportError:
            return
        convert = getattr(_WorkflowInstanceImpl, "_convert_payloads", None)
        if convert is None:
            return

        def watched(instance: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> typing.Any:
            try:
                return convert(instance, *args, **kwargs)
            except Exception as error:
                try:
                    self._note(instance, sys._getframe(1), error)
                except Exception:
                    # It only explains: the outcome is the SDK's.
                    pass
                raise

        setattr(_WorkflowInstanceImpl, "_convert_payloads", watched)

    def _note(
        self, instance: typing.Any, caller: types.FrameType, error: BaseException
    ) -> None:
        asked = _asked_by(instance, caller, _index_of(error))
        if asked is None:
            return
        entry = {
            "reason": reason_of(error),
            "historyLength": getattr(instance, "_current_history_length", 0),
            **asked,
        }
        if entry not in self._found:
            self._found.append(entry)


def _asked_by(
    instance: typing.Any, caller: types.FrameType, index: int
) -> typing.Optional[dict]:
    function = caller.f_code.co_name
    if function == "_process_handler_args" and caller.f_back is not None:
        caller = caller.f_back
        function = caller.f_code.co_name
    names = caller.f_locals
    if function in _INPUT:
        place = place_of_parameter(getattr(instance._defn, "run_fn", None), index)
        return {"of": "workflow", "name": "", "argument": index + 1, **as_fields(place)}
    if function in _RESULT:
        what, attribute = _RESULT[function]
        handle = names.get("handle")
        name = getattr(getattr(handle, "_input", None), attribute, "")
        return {
            "of": "result",
            "name": f"{what} {name}",
            **as_fields(place_of_waiting(instance, handle)),
        }
    job = names.get("job")
    if function in ("_process_signal_job", "_apply_signal_workflow"):
        return _handled("signal", instance, "_signals", job.signal_name, index)
    if function == "run_update":
        return _handled("update", instance, "_updates", job.name, index)
    # A query changes nothing in the workflow.
    return None


def _handled(
    kind: str, instance: typing.Any, attribute: str, name: str, index: int
) -> dict:
    handlers = getattr(instance, attribute, None) or {}
    handler = handlers.get(name) or handlers.get(None)
    place = place_of_parameter(getattr(handler, "fn", None), index)
    return {"of": kind, "name": str(name), "argument": index + 1, **as_fields(place)}


def _index_of(error: typing.Optional[BaseException]) -> int:
    """Which of several payloads it was, as the SDK's loop over them counts."""
    index = 0
    while error is not None:
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code.co_name == "from_payloads":
                found = traceback.tb_frame.f_locals.get("index")
                if isinstance(found, int):
                    index = found
            traceback = traceback.tb_next
        error = error.__cause__
    return index
