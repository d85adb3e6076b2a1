"""The input `replay-options`: keyword arguments of the SDK's `Replayer`."""

from __future__ import annotations

import asyncio
import inspect
import os
import typing

from temporalio.worker import Replayer

from .fatal import Fatal
from .import_hints import import_hint
from .modules import describe_error, import_module, listed, listed_in, module_of_path

#: Options that the action sets itself, with the input that decides each.
OURS = {"workflows": "the input workflows", "namespace": "the input namespace"}

#: The attribute of a module that is taken by default.
NAME = "replay_options"


def load_replay_options(given: str) -> typing.Mapping[str, typing.Any]:
    """Reads `pkg.mod:NAME`, `pkg.mod`, or either with a file instead of the module.

    The object may be a mapping, a callable that returns one, or an object with attributes.

    @raises Fatal where it cannot be loaded, or holds what a Replayer does not take.
    """
    target, _, name = given.strip().partition(":")
    if target.endswith(".py") or os.sep in target:
        if not os.path.isfile(target):
            raise Fatal(
                f'the file "{target}" (input replay-options) does not exist',
                f"name a module or a file in the working directory: {listed_in(target)}",
            )
        folder = os.getcwd()
        target = module_of_path(target, [folder, os.path.join(folder, "src")])
    module = import_module(target, "input replay-options")
    known = _known()
    if name:
        options = _attribute(module, target, name)
    elif hasattr(module, NAME):
        options = getattr(module, NAME)
    else:
        options = {key: getattr(module, key) for key in known if hasattr(module, key)}
        if not options:
            raise Fatal(
                f"the module {target} (input replay-options) has no {NAME} and no option of a Replayer",
                f"give it a dictionary {NAME} with some of {', '.join(sorted(known))}",
            )
    return _checked(_called(options, given), given, known)


def _attribute(module: typing.Any, target: str, name: str) -> typing.Any:
    found = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise Fatal(
                f"the module {target} (input replay-options) has no {name}",
                f"name an object of the module: it has {listed(_public(found))}",
            )
        found = getattr(found, part)
    return found


def _public(value: typing.Any) -> typing.List[str]:
    return [name for name in vars(value) if not name.startswith("_")] if hasattr(value, "__dict__") else []


def _called(options: typing.Any, given: str) -> typing.Any:
    if not callable(options):
        return options
    try:
        options = options()
        if inspect.isawaitable(options):
            options = asyncio.run(_awaited(options))
        return options
    except BaseException as error:
        raise Fatal(
            f"{given} (input replay-options) cannot be called: {describe_error(error)}",
            import_hint(error),
        ) from None


async def _awaited(awaitable: typing.Any) -> typing.Any:
    return await awaitable


def _checked(
    options: typing.Any, given: str, known: typing.Set[str]
) -> typing.Mapping[str, typing.Any]:
    if not isinstance(options, typing.Mapping):
        if not hasattr(options, "__dict__"):
            raise Fatal(
                f"{given} (input replay-options) is of type {type(options).__name__} and holds no options",
                "make it a dictionary of keyword arguments for temporalio.worker.Replayer",
            )
        options = {key: value for key, value in vars(options).items() if not key.startswith("_")}
    for key in options:
        if key in OURS:
            raise Fatal(
                f"{given} (input replay-options) sets {key}, which the action sets itself",
                f"leave it out: {OURS[key]} decides it",
            )
        if key not in known:
            raise Fatal(
                f"{given} (input replay-options) sets {key}, which the Replayer of this SDK does not take",
                f"it takes {', '.join(sorted(known))}",
            )
    return options


def _known() -> typing.Set[str]:
    return set(inspect.signature(Replayer.__init__).parameters) - {"self"} - set(OURS)
