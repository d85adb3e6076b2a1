"""Writes JSON in one form, so that equal values are equal texts.

The parent uses ECMAScript's `JSON`: numbers are doubles, and keys that look like indices come first. Both
sides must agree to the byte, or equal payloads would count as different.
"""

from __future__ import annotations

import json
import math
import re
import typing

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_MAX_INDEX = 2**32 - 2

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_ESCAPED = re.compile('["\\\\\x00-\x1f\ud800-\udfff]')


def canonical_json(data: bytes) -> typing.Optional[bytes]:
    """None where the data is no JSON, or is nested too deep."""
    try:
        text = data.decode("utf-8-sig", "replace")
        value = json.loads(text, parse_int=float, parse_constant=_refuse)
        return _written(value).encode("utf-8")
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> typing.NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _written(value: typing.Any) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return "[" + ",".join(_written(item) for item in value) + "]"
    members = (f"{_string(key)}:{_written(value[key])}" for key in sorted(value, key=_order))
    return "{" + ",".join(members) + "}"


def _order(key: str) -> typing.Tuple[bool, int, bytes]:
    if _INDEX.fullmatch(key) and int(key) <= _MAX_INDEX:
        return (False, int(key), b"")
    return (True, 0, key.encode("utf-16-be", "surrogatepass"))


def _string(text: str) -> str:
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: typing.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"


def _number(number: float) -> str:
    """The shortest decimal that reads back as this double, in ECMAScript's notation."""
    if not math.isfinite(number):
        return "null"
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    digits = mantissa.replace(".", "")
    point = len(mantissa.partition(".")[0]) + int(exponent or 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = point - 1
    fraction = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{'+' if power > 0 else '-'}{abs(power)}"

