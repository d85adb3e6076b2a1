"""Why a payload cannot be decoded, told of types and fields. What the payload holds stays out as far as it can."""

from __future__ import annotations

import re
import typing

#: A word of an enum is told whole. What is longer is content.
MAX_QUOTED = 24
MAX_REASON = 300
MAX_PROBLEMS = 3

#: How the SDK's converters say which part of a value they were at.
_PART = re.compile(
    r"^Failed converting field (?P<field>\S+) on dataclass <class '(?P<cls>[^']+)'>"
    r"|^Failed converting .* (?P<item>index \d+)$"
)

#: Texts of the SDK that end with the value.
_WITH_VALUE = (
    (re.compile(r"^Value .* not in literal values (\(.*\))$", re.DOTALL), r"a value is not in literal values \1"),
    (re.compile(r"^(Failed parsing datetime string): .*", re.DOTALL), r"\1"),
    (re.compile(r"^(Failed converting to .*?) from .*", re.DOTALL), r"\1"),
    (re.compile(r"^(Failed converting (?:key|value)(?: for key)?) .*", re.DOTALL), r"\1"),
)

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_LONG_NUMBER = re.compile(r"\d{5,}")


def reason_of(error: BaseException) -> str:
    """The deepest reason, behind the parts that lead to it."""
    parts = []
    for one in _causes(error):
        part = _PART.search(str(one))
        if part is not None:
            name = part["item"] or f"field {part['field']} of {part['cls'].rpartition('.')[2]}"
            parts.append(name)
        deepest = one
    problems = _problems_of_pydantic(deepest)
    words = problems or _without_value(deepest)
    lead = f"{', '.join(parts)}: " if parts else ""
    text = " ".join(f"{lead}{words}".split())
    return text if len(text) <= MAX_REASON else f"{text[: MAX_REASON - 1]}…"


def _causes(error: BaseException) -> typing.Iterator[BaseException]:
    seen: typing.Set[int] = set()
    current: typing.Optional[BaseException] = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__


def _problems_of_pydantic(error: BaseException) -> typing.Optional[str]:
    """Its own text holds the input."""
    errors = getattr(error, "errors", None)
    if type(error).__name__ != "ValidationError" or not callable(errors):
        return None
    try:
        problems = errors(include_url=False, include_context=False, include_input=False)
    except TypeError:
        problems = errors()
    told = []
    for problem in problems[:MAX_PROBLEMS]:
        place = ".".join(str(part) for part in problem.get("loc", ()))
        told.append(f"'{place}': {_shortened(str(problem.get('msg', '')))}" if place else _shortened(str(problem.get("msg", ""))))
    more = len(problems) - MAX_PROBLEMS
    if more > 0:
        told.append(f"{more} more")
    return f"{getattr(error, 'title', 'ValidationError')}: {'; '.join(told)}"


def _without_value(error: BaseException) -> str:
    text = str(error)
    for form, words in _WITH_VALUE:
        if form.search(text):
            return form.sub(words, text)
    # Types are told whole, as in `was <class 'shop.models.Order'>`.
    return _shortened(text) or type(error).__name__


def _shortened(text: str) -> str:
    def quoted(match: "re.Match[str]") -> str:
        content = match[1] if match[1] is not None else match[2]
        before = match.string[: match.start()]
        if len(content) <= MAX_QUOTED or before.endswith(("<class ", "<enum ")):
            return match[0]
        return f"'{content[:MAX_QUOTED]}…'"

    return _LONG_NUMBER.sub("…", _QUOTED.sub(quoted, text))
