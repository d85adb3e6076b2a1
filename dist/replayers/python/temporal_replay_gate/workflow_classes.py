"""The input `workflows`: which classes are the workflows."""

from __future__ import annotations

import os
import re
import typing

from temporalio import workflow

from .fatal import Fatal
from .modules import import_module, listed, module_of_path
from .usual_places import NOT_SEARCHED, find_usual_place

PURPOSE = "input workflows"


class Entry(typing.NamedTuple):
    """A module, a file or a folder, and the names in it. Without names, all workflow classes are meant."""

    target: str
    names: typing.Tuple[str, ...]


def parse_entries(text: str) -> typing.List[Entry]:
    """Lines or commas separate entries.

    After `pkg.mod:A`, a plain name behind a comma is one more name of that module. Text with a dot, a slash or
    a colon begins the next entry.
    """
    entries: typing.List[Entry] = []
    for line in text.splitlines():
        named = False
        for item in (part.strip() for part in line.split(",")):
            if not item:
                continue
            if named and item.isidentifier():
                last = entries.pop()
                entries.append(Entry(last.target, (*last.names, item)))
                continue
            target, colon, name = item.partition(":")
            named = colon != ""
            if not target or (named and not name.strip().isidentifier()):
                raise Fatal(
                    f'"{item}" (input workflows) names no workflows',
                    "write pkg.module, pkg.module:Class, or the path of a file or folder",
                )
            entries.append(Entry(target.strip(), (name.strip(),) if named else ()))
    return entries


def load_workflow_classes(folder: str, given: typing.Optional[str]) -> typing.List[type]:
    """All workflow classes that the input names, or those of the usual place.

    @raises Fatal where there are none, and where a module cannot be imported.
    """
    entries = [] if given is None else parse_entries(given)
    if not entries:
        entries = [Entry(find_usual_place(folder), ())]
    classes: typing.Dict[type, None] = {}
    for entry in entries:
        found: typing.Dict[type, None] = {}
        for module in _modules(folder, entry):
            for cls in _named(module, entry.names) if entry.names else _all_of(module):
                found[cls] = None
        if not found:
            raise Fatal(
                f"{entry.target} ({PURPOSE}) has no workflow classes",
                "name the module or package whose classes are decorated with @workflow.defn",
            )
        classes.update(found)
    return list(classes)


def _modules(folder: str, entry: Entry) -> typing.Iterator[typing.Any]:
    target, names = entry
    path = os.path.join(folder, target)
    if target.endswith(".py") or os.sep in target or (not names and os.path.isdir(path)):
        if not os.path.exists(path):
            raise Fatal(
                f'"{target}" ({PURPOSE}) does not exist in the working directory',
                "name a file, a folder, or a module as the application imports it",
            )
        roots = [folder, os.path.join(folder, "src")]
        for file in _files_below(path) if os.path.isdir(path) else [path]:
            yield import_module(module_of_path(file, roots), PURPOSE)
        return
    module = import_module(target, PURPOSE)
    yield module
    if names or _all_of(module):
        return
    # A package that exports none means all of its modules.
    for place in getattr(module, "__path__", ()):
        for file in _files_below(place):
            parts = os.path.relpath(file, place)[: -len(".py")].split(os.sep)
            if parts[-1] != "__init__":
                yield import_module(".".join([target, *parts]), PURPOSE)


def _files_below(folder: str) -> typing.List[str]:
    """Module files of a package, without its tests and its `__main__`."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name.isidentifier() and name not in NOT_SEARCHED)
        for name in sorted(files):
            stem, ending = os.path.splitext(name)
            if ending == ".py" and stem.isidentifier() and not _NOT_LOADED.fullmatch(stem):
                found.append(os.path.join(place, name))
    return found


_NOT_LOADED = re.compile(r"__main__|conftest|test_.*|.*_test")


def _is_workflow(value: object) -> bool:
    return isinstance(value, type) and workflow._Definition.from_class(value) is not None


def _all_of(module: typing.Any) -> typing.List[type]:
    return [value for value in vars(module).values() if _is_workflow(value)]


def _named(module: typing.Any, names: typing.Sequence[str]) -> typing.List[type]:
    classes = []
    for name in names:
        if not hasattr(module, name):
            raise Fatal(
                f"the module {module.__name__} ({PURPOSE}) has no {name}",
                f"its workflow classes are {listed(cls.__name__ for cls in _all_of(module))}; "
                "put another module on a line of its own",
            )
        value = getattr(module, name)
        values = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        for item in values:
            if not _is_workflow(item):
                raise Fatal(
                    f"{module.__name__}:{name} ({PURPOSE}) is neither a workflow class nor a list of them",
                    "name classes that are decorated with @workflow.defn",
                )
            classes.append(item)
    return classes
