"""The application whose workflows are replayed."""

from __future__ import annotations

import os
import sys
import typing
from dataclasses import dataclass

import temporalio.workflow

from .accelerate import accelerate, spare_what_stays
from .chance import holds_chance
from .copied import folders_of_copies
from .fatal import Fatal
from .frames import place_of_error, user_file
from .implementations import Skipped
from .modules import describe_error
from .replay_options import load_replay_options
from .workflow_classes import load_workflow_classes


#: The protocol takes no more.
MAX_SOURCES = 10_000
MAX_SKIPPED = 1_000


@dataclass(frozen=True)
class Application:
    """Its workflow classes, and keyword arguments for the SDK's `Replayer`."""

    workflows: typing.Sequence[type]
    replay_options: typing.Mapping[str, typing.Any]
    sdk_version: str
    workflow_types: typing.Sequence[str]
    dynamic: bool
    sources: typing.Sequence[str]
    holds_chance: bool
    skipped: typing.Sequence[Skipped]

    def why_no_worker(self, error: Exception) -> Fatal:
        """The SDK refuses the classes or the options, with its reason."""
        return Fatal(
            f"the SDK cannot replay these workflows: {describe_error(error)}",
            "a worker with these workflow classes and options would not start either"
            if place_of_error(error) is not None
            else None,
        )


def load_application(
    folder: str,
    workflows: typing.Optional[str],
    options: typing.Optional[str],
    accelerated: bool,
) -> Application:
    """Imports the application's modules, as a worker's program in `folder` would.

    @raises Fatal where a worker could not start either, or the inputs name what is not there.
    """
    if accelerated:
        accelerate()
    for path in (os.path.join(folder, "src"), folder):
        if os.path.isdir(path):
            if path in sys.path:
                sys.path.remove(path)
            sys.path.insert(0, path)
    classes, skipped = load_workflow_classes(folder, workflows)
    types, dynamic = _types(classes)
    sources = _sources()
    application = Application(
        workflows=classes,
        replay_options={} if options is None else load_replay_options(options),
        sdk_version=_sdk_version(),
        workflow_types=types,
        dynamic=dynamic,
        sources=[*sorted(folders_of_copies(_loaded())), *sources][:MAX_SOURCES],
        skipped=skipped[:MAX_SKIPPED],
        holds_chance=holds_chance(sources),
    )
    if accelerated:
        spare_what_stays()
    return application


def _types(classes: typing.Sequence[type]) -> typing.Tuple[typing.List[str], bool]:
    types = []
    dynamic = False
    for cls in classes:
        name = temporalio.workflow._Definition.must_from_class(cls).name
        if name is None:
            dynamic = True
        else:
            types.append(name)
    return sorted(types), dynamic


def _loaded() -> typing.List[str]:
    return [
        file
        for module in list(sys.modules.values())
        for file in (getattr(module, "__file__", None),)
        if isinstance(file, str)
    ]


def _sources() -> typing.List[str]:
    """The user's own files that have been loaded. The parent compares them between checkouts."""
    files = {user_file(file) for file in _loaded()}
    return sorted(file for file in files if file is not None)[:MAX_SOURCES]


def _sdk_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("temporalio")
    except PackageNotFoundError:
        return getattr(sys.modules["temporalio"], "__version__", "unknown")
