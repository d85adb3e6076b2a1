"""Options and digests of a command, in the form of the protocol's `carries`."""

from __future__ import annotations

import hashlib
import typing

from .canonical_json import canonical_json

#: Of a command with more fields, nothing is told.
MAX_FIELDS = 200
#: Both sides cut longer values; in UTF-16 code units.
MAX_TEXT = 300
#: Both sides cut longer names of fields; in UTF-16 code units.
MAX_NAME = 100
#: Causes of a failure that are looked into, one below the other.
MAX_CAUSES = 5


class Carried:
    """Collects what a command carries, without the values that protobuf cannot tell from "not set"."""

    def __init__(self) -> None:
        self._values: typing.Dict[str, typing.Any] = {}
        self._digests: typing.Dict[str, str] = {}

    def value(self, name: str, value: typing.Any) -> None:
        if value:
            self._values[_cut(name, MAX_NAME)] = (
                _cut(value, MAX_TEXT) if isinstance(value, str) else value
            )

    def enum(self, name: str, words: typing.Sequence[str], number: int) -> None:
        if 0 <= number < len(words):
            self.value(name, words[number])

    def duration(self, fields: typing.Any, field: str, prefix: str = "") -> None:
        """In milliseconds."""
        duration = getattr(fields, field)
        milliseconds = duration.seconds * 1000 + duration.nanos / 1e6
        self.value(prefix + _camel(field), _whole(milliseconds))

    def retry_policy(self, fields: typing.Any) -> None:
        if not fields.HasField("retry_policy"):
            return
        policy = fields.retry_policy
        self.duration(policy, "initial_interval", "retryPolicy.")
        self.value("retryPolicy.backoffCoefficient", _whole(policy.backoff_coefficient))
        self.duration(policy, "maximum_interval", "retryPolicy.")
        self.value("retryPolicy.maximumAttempts", policy.maximum_attempts)
        self.value(
            "retryPolicy.nonRetryableErrorTypes", ", ".join(policy.non_retryable_error_types)
        )

    def priority(self, fields: typing.Any) -> None:
        priority = getattr(fields, "priority", None)
        for field in ("priority_key", "fairness_key", "fairness_weight"):
            value = getattr(priority, field, None)
            self.value(
                f"priority.{_camel(field)}", _whole(value) if isinstance(value, float) else value
            )

    def payload(self, name: str, payload: typing.Any) -> None:
        self._digests[_cut(name, MAX_NAME)] = payload_digest(payload)

    def payloads(self, noun: str, payloads: typing.Iterable[typing.Any]) -> None:
        """Arguments are named from 1."""
        for number, payload in enumerate(payloads, 1):
            self.payload(f"{noun} {number}", payload)

    def payload_map(self, noun: str, payloads: typing.Mapping[str, typing.Any]) -> None:
        for key in payloads:
            self.payload(f"{noun} {key}", payloads[key])

    def text(self, name: str, text: str) -> None:
        """A user's text, which is never shown."""
        if text:
            self._digests[_cut(name, MAX_NAME)] = _digest("text", text.encode("utf-8"))

    def failure(self, failure: typing.Any, depth: int = 0) -> None:
        noun = "failure" + " cause" * depth
        if failure.HasField("encoded_attributes"):
            self.payload(f"{noun} message", failure.encoded_attributes)
        else:
            self.text(f"{noun} message", failure.message)
        if failure.HasField("application_failure_info"):
            info = failure.application_failure_info
            self.value(f"{noun} type", info.type)
            self.value(f"{noun} nonRetryable", info.non_retryable)
            self.payloads(f"{noun} detail", info.details.payloads)
        if failure.HasField("cause") and depth < MAX_CAUSES:
            self.failure(failure.cause, depth + 1)

    def done(self) -> typing.Optional[dict]:
        """None where there are too many fields."""
        if len(self._values) + len(self._digests) > MAX_FIELDS:
            return None
        return {"values": self._values, "digests": self._digests}


def payload_digest(payload: typing.Any) -> str:
    """`ENCODING:DIGEST`, as docs/replayer-protocol.md describes it."""
    encoding = _text(payload.metadata.get("encoding", b""))
    content = payload.data
    if encoding.startswith("json/"):
        content = canonical_json(content) or content
    return _digest(encoding, content, _text(payload.metadata.get("messageType", b"")))


def _digest(encoding: str, content: bytes, message_type: str = "") -> str:
    sha = hashlib.sha256(f"{encoding}\0{message_type}\0".encode("utf-8"))
    sha.update(content)
    return f"{_cut(encoding, MAX_NAME)}:{sha.hexdigest()[:32]}"


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")


def _whole(number: float) -> typing.Union[int, float]:
    return int(number) if number == int(number) else number


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _cut(text: str, length: int) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    return units[: 2 * length].decode("utf-16-le", "surrogatepass")
