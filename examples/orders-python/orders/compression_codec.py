"""A payload codec: what the worker and a replay must have in common."""

import dataclasses
import zlib
from typing import List, Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, PayloadCodec

ENCODING = b"binary/zlib"


class CompressionCodec(PayloadCodec):
    """Compresses every payload, and reads those that are not compressed too."""

    async def encode(self, payloads: Sequence[Payload]) -> List[Payload]:
        return [
            Payload(
                metadata={"encoding": ENCODING},
                data=zlib.compress(payload.SerializeToString(deterministic=True)),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> List[Payload]:
        return [
            Payload.FromString(zlib.decompress(payload.data))
            if payload.metadata.get("encoding") == ENCODING
            else payload
            for payload in payloads
        ]


def data_converter(compress: bool) -> DataConverter:
    if not compress:
        return DataConverter.default
    return dataclasses.replace(DataConverter.default, payload_codec=CompressionCodec())
