"""Reads the standard `TEMPORAL_*` variables."""

import os

from temporalio.client import Client, TLSConfig

from orders.compression_codec import data_converter


def task_queue() -> str:
    return os.environ.get("TASK_QUEUE") or "orders"


async def connect_client() -> Client:
    env = os.environ
    api_key = env.get("TEMPORAL_API_KEY") or None
    return await Client.connect(
        env.get("TEMPORAL_ADDRESS") or "localhost:7233",
        namespace=env.get("TEMPORAL_NAMESPACE") or "default",
        api_key=api_key,
        tls=_tls() or api_key is not None,
        data_converter=data_converter(compress=env.get("COMPRESS") == "1"),
    )


def _tls() -> "TLSConfig | None":
    certificate = os.environ.get("TEMPORAL_TLS_CLIENT_CERT_PATH")
    key = os.environ.get("TEMPORAL_TLS_CLIENT_KEY_PATH")
    authority = os.environ.get("TEMPORAL_TLS_SERVER_CA_CERT_PATH")
    if not (certificate or key or authority):
        return None
    return TLSConfig(
        client_cert=_read(certificate),
        client_private_key=_read(key),
        server_root_ca_cert=_read(authority),
        domain=os.environ.get("TEMPORAL_TLS_SERVER_NAME") or None,
    )


def _read(path: "str | None") -> "bytes | None":
    if not path:
        return None
    with open(path, "rb") as file:
        return file.read()
