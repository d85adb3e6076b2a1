"""Importing what the user names."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import typing

from .fatal import Fatal
from .frames import place_of_error
from .import_hints import import_hint

#: A longer list does not help to find the right name.
MAX_NAMES = 10


def import_module(name: str, purpose: str) -> typing.Any:
    """Imports a module of the user.

    @raises Fatal where it cannot be imported or exits, with the reason and the line.
    """
    try:
        return importlib.import_module(name)
    except BaseException as error:
        raise Fatal(
            f"the module {name} ({purpose}) cannot be imported: {describe_error(error)}",
            _hint(error, name),
        ) from None


def _hint(error: BaseException, name: str) -> typing.Optional[str]:
    if isinstance(error, ModuleNotFoundError) and error.name is not None:
        if error.name.split(".")[0] == name.split(".")[0]:
            parent = error.name.rpartition(".")[0]
            if parent:
                folders = getattr(sys.modules.get(parent), "__path__", ())
                return f"modules of {parent} are {listed(_modules_in(folders))}"
            folders = [os.getcwd(), os.path.join(os.getcwd(), "src")]
            return (
                "modules must be in the working directory or in its folder src, which have "
                f"{listed(_modules_in(folders))}, or installed for {sys.executable}"
            )
        return (
            f"install what the application needs for {sys.executable}, "
            "or set the working directory to the folder from which the application imports its modules"
        )
    if isinstance(error, SyntaxError):
        # The message has the line, and nothing else helps.
        return None
    return import_hint(error)


def _modules_in(folders: typing.Iterable[str]) -> typing.List[str]:
    return [module.name for module in pkgutil.iter_modules(list(folders))]


def listed(names: typing.Iterable[str]) -> str:
    """The names that exist, for a message about one that does not."""
    known = sorted(set(names))
    more = "" if len(known) <= MAX_NAMES else ", …"
    return (", ".join(known[:MAX_NAMES]) or "none") + more


def listed_in(path: str) -> str:
    """What is where a path leads, as far as it leads anywhere."""
    folder = os.path.dirname(os.path.abspath(path))
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    names = [name for name in os.listdir(folder) if not name.startswith((".", "__"))]
    return f"{os.path.relpath(folder)} has {listed(names)}"


def describe_error(error: BaseException) -> str:
    """The innermost reason in one line, with the user's line that raised."""
    seen: typing.Set[int] = set()
    reason = error
    while reason.__cause__ is not None and id(reason) not in seen:
        seen.add(id(reason))
        reason = reason.__cause__
    text = f"{type(reason).__name__}: {reason}" if str(reason) else type(reason).__name__
    place = place_of_error(reason) or place_of_error(error)
    if place is None:
        return text
    path, line = place[0]
    return f"{text} ({os.path.relpath(path)}:{line})"


def module_of_path(path: str, roots: typing.Sequence[str]) -> str:
    """The dotted name of a module file or package folder, with its import root on `sys.path`.

    The root is the folder above the outermost package that holds it; without `__init__.py`, the
    innermost of `roots` that holds it.
    """
    path = os.path.abspath(path)
    base = path[:-3] if path.endswith(".py") else path
    top = os.path.dirname(path)
    if os.path.basename(base) == "__init__":
        base = top
        top = os.path.dirname(base)
    packaged = False
    while os.path.isfile(os.path.join(top, "__init__.py")):
        packaged = True
        top = os.path.dirname(top)
    if not packaged:
        holding = [root for root in roots if base.startswith(root.rstrip(os.sep) + os.sep)]
        if holding:
            top = max(holding, key=len)
    if top not in sys.path:
        sys.path.insert(0, top)
    name = os.path.relpath(base, top).replace(os.sep, ".")
    if not all(part.isidentifier() for part in name.split(".")):
        raise Fatal(
            f"{os.path.relpath(path)} cannot be imported: {name} is no module name",
            "name the module as the application imports it",
        )
    return name
