"""Which of several classes of one workflow type is its implementation."""

from __future__ import annotations

import inspect
import os
import typing

from temporalio import workflow

from .fatal import Fatal
from .frames import place_of_function


class Skipped(typing.NamedTuple):
    what: str
    why: str


def implementations_of(
    classes: typing.Sequence[type], named: typing.Container[type]
) -> typing.Tuple[typing.List[type], typing.List[Skipped]]:
    """The classes that a worker can run, and those that only declare what another class does.

    @param named: classes that the user named: where there are several of a type, these are meant
    @raises Fatal where a workflow type still has two implementations, and where a named class is abstract
    """
    of_type: typing.Dict[typing.Optional[str], typing.List[type]] = {}
    declared: typing.List[typing.Tuple[typing.Optional[str], Skipped]] = []
    for cls in _distinct(classes):
        why = _why_not(cls)
        if why is None:
            of_type.setdefault(_name_of(cls), []).append(cls)
        elif cls in named:
            raise Fatal(
                f"{where(cls)} (input workflows) is no workflow that a worker could run: {why}",
                "name the class that implements it",
            )
        else:
            declared.append((_name_of(cls), Skipped(where(cls), why)))
    found = [
        _one_of(name, [cls for cls in several if cls in named] or several)
        for name, several in of_type.items()
    ]
    # What is implemented somewhere is not missing.
    return found, [one for name, one in declared if name not in of_type]


def _distinct(classes: typing.Sequence[type]) -> typing.Iterable[type]:
    """A file that is imported under two names makes two classes of one."""
    return {(where(cls), _name_of(cls)): cls for cls in reversed(classes)}.values()


def _one_of(name: typing.Optional[str], several: typing.Sequence[type]) -> type:
    """A class that derives from the others implements what they declare."""
    last = [
        cls
        for cls in several
        if not any(other is not cls and issubclass(other, cls) for other in several)
    ]
    if len(last) == 1:
        return last[0]
    kind = "dynamic workflow" if name is None else f"workflow type {name}"
    raise Fatal(
        f"the {kind} has several implementations: {', '.join(sorted(map(where, last)))}",
        "name those that the worker registers in the input workflows, one on a line, as "
        f"{last[0].__module__}:{last[0].__name__}",
    )


def _why_not(cls: type) -> typing.Optional[str]:
    """Why nobody can make an instance of the class."""
    if getattr(cls, "_is_protocol", False):
        return "it is a Protocol"
    if inspect.isabstract(cls):
        methods = ", ".join(sorted(cls.__abstractmethods__))
        return f"it is abstract, because it does not implement {methods}"
    return None


def _name_of(cls: type) -> typing.Optional[str]:
    return workflow._Definition.must_from_class(cls).name


def where(cls: type) -> str:
    """The class with its file and line."""
    run = workflow._Definition.must_from_class(cls).run_fn
    place = place_of_function(run)
    if place is None:
        return f"{cls.__module__}.{cls.__qualname__}"
    path, line = place[0]
    return f"{cls.__qualname__} ({os.path.relpath(path)}:{line})"
