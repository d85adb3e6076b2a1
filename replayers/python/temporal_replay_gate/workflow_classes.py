"""The input `workflows`: which classes are the workflows."""

from __future__ import annotations

import inspect
import os
import re
import typing

from temporalio import workflow

from .fatal import Fatal
from .implementations import Skipped, implementations_of
from .modules import import_module, listed, listed_in, module_of_path
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


class Found(typing.NamedTuple):
    classes: typing.Sequence[type]
    skipped: typing.Sequence[Skipped]


def load_workflow_classes(folder: str, given: typing.Optional[str]) -> Found:
    """All workflow classes that the input names, or those of the usual place, and what may hold more.

    @raises Fatal where there are none, where a module cannot be imported, and where two classes are of one type.
    """
    entries = [] if given is None else parse_entries(given)
    if not entries:
        entries = [Entry(find_usual_place(folder), ())]
    classes: typing.Dict[type, None] = {}
    named: typing.Set[type] = set()
    left_out: typing.List[Skipped] = []
    for entry in entries:
        found: typing.Dict[type, None] = {}
        for module in _modules(folder, entry, left_out):
            for cls in _named(module, entry.names) if entry.names else _all_of(module):
                found[cls] = None
        if entry.names:
            named.update(found)
        if not found:
            raise Fatal(
                f"{entry.target} ({PURPOSE}) has no workflow classes",
                "name the module or package whose classes are decorated with @workflow.defn",
            )
        classes.update(found)
    implementations, declared = implementations_of(list(classes), named)
    if not implementations:
        raise Fatal(
            f"the workflow classes ({PURPOSE}) only declare what others implement: "
            f"{'; '.join(f'{what}, {why}' for what, why in declared)}",
            "name the module that implements them",
        )
    return Found(implementations, [*declared, *left_out])


def _modules(
    folder: str, entry: Entry, left_out: typing.List[Skipped]
) -> typing.Iterator[typing.Any]:
    target, names = entry
    path = os.path.join(folder, target)
    if target.endswith(".py") or os.sep in target or (not names and os.path.isdir(path)):
        if not os.path.exists(path):
            raise Fatal(
                f'"{target}" ({PURPOSE}) does not exist in the working directory',
                f"name a file, a folder, or a module as the application imports it: {listed_in(path)}",
            )
        roots = [folder, os.path.join(folder, "src")]
        for file in _files_below(path, left_out) if os.path.isdir(path) else [path]:
            yield import_module(module_of_path(file, roots), PURPOSE)
        return
    module = import_module(target, PURPOSE)
    yield module
    if names or _all_of(module):
        return
    # A package that exports none means all of its modules.
    for place in getattr(module, "__path__", ()):
        for file in _files_below(place, left_out):
            parts = os.path.relpath(file, place)[: -len(".py")].split(os.sep)
            if parts[-1] != "__init__":
                yield import_module(".".join([target, *parts]), PURPOSE)


def _files_below(folder: str, left_out: typing.List[Skipped]) -> typing.List[str]:
    """Module files of a package, without its tests and its `__main__`: what they define is told as left out."""
    found = []
    for place, folders, files in os.walk(folder):
        for name in sorted(folders):
            if name in NOT_SEARCHED and name in _OF_TESTS:
                left_out.extend(_defining(os.path.join(place, name), "it is in a folder of tests"))
        folders[:] = sorted(name for name in folders if name.isidentifier() and name not in NOT_SEARCHED)
        for name in sorted(files):
            stem, ending = os.path.splitext(name)
            if ending != ".py":
                continue
            path = os.path.join(place, name)
            if not stem.isidentifier():
                left_out.extend(_defining(path, "its name is no module name"))
            elif _NOT_LOADED.fullmatch(stem):
                left_out.extend(_defining(path, "a file of that name is a test or a program"))
            else:
                found.append(path)
    return found


def _defining(path: str, why: str) -> typing.Iterator[Skipped]:
    """The file, or files of the folder, that define workflows by the look of them."""
    files = [path]
    if os.path.isdir(path):
        files = [os.path.join(place, name) for place, _, names in os.walk(path) for name in names]
    for file in sorted(files):
        if not file.endswith(".py"):
            continue
        try:
            with open(file, encoding="utf-8", errors="replace") as source:
                defines = _DEFINES.search(source.read()) is not None
        except OSError:
            defines = True
        if defines:
            yield Skipped(os.path.relpath(file), why)


_OF_TESTS = {"test", "tests"}

_DEFINES = re.compile(r"^\s*@(?:\w+\.)?(?:workflow\.)?defn\b", re.MULTILINE)

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
                    _to_call(module, name)
                    if inspect.isroutine(item)
                    else "name classes that are decorated with @workflow.defn",
                )
            classes.append(item)
    return classes


def _to_call(module: typing.Any, name: str) -> str:
    return (
        "it is a function: call it in a module of your own, such as replay_workflows.py with "
        f"`from {module.__name__} import {name}` and `WORKFLOWS = [{name}(...)]`, as the worker's program does, and "
        "name replay_workflows:WORKFLOWS (docs/python.md)"
    )
