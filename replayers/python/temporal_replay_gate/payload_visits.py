"""Skips visits of payloads that change nothing.

For each task the SDK walks through all payloads six times, for codecs and external storage. For each payload
it enters the sandbox to ask for the context of its encoding. Without a codec and external storage, those
walks do something only for payloads that the SDK itself has marked.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing

#: Every payload that the SDK has marked holds one of these: references to external storage, and input of
#: the SDK's own Nexus service.
MARKS = (b"__temporal_", b"json/external-storage-reference", b"ExternalStorageReference")

#: In a release with other parameters, or with a converter of more parts, the walks may do something else.
_PARAMETERS = {
    "decode_activation": ("activation", "data_converter", "decode_headers", "storage_concurrency_limit"),
    "encode_completion": ("completion", "data_converter", "encode_headers", "storage_concurrency_limit"),
}
_PARTS = {"payload_converter_class", "payload_codec", "failure_converter_class", "external_storage"}


def skip_idle_visits() -> None:
    try:
        import temporalio.bridge.worker as bridge
        from temporalio.converter import DataConverter
        from temporalio.converter._extstore import StorageOperationMetrics
    except ImportError:
        return
    if {field.name for field in dataclasses.fields(DataConverter) if field.init} != _PARTS:
        return
    for name, parameters in _PARAMETERS.items():
        original = getattr(bridge, name, None)
        if original is None or tuple(inspect.signature(original).parameters) != parameters:
            return
    for name in _PARAMETERS:
        setattr(bridge, name, _unless_idle(getattr(bridge, name), StorageOperationMetrics))


def _unless_idle(original: typing.Callable, no_metrics: typing.Callable) -> typing.Callable:
    async def visit(message: typing.Any, data_converter: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        if data_converter.payload_codec is None and data_converter.external_storage is None:
            data = message.SerializeToString()
            if not any(mark in data for mark in MARKS):
                return no_metrics()
        return await original(message, data_converter, *args, **kwargs)

    return visit
