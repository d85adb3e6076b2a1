"""Where Python applications usually keep their workflows."""

from __future__ import annotations

import os
import typing

from .fatal import Fatal

#: Folders that hold no code of the application.
NOT_SEARCHED = {"__pycache__", "build", "dist", "node_modules", "site-packages", "test", "tests", "venv"}

MEANT = "workflows.py or workflows/, in the working directory, in src, or in one package of either"


def find_usual_place(folder: str) -> str:
    """The one `workflows` module or package of the application, relative to its folder.

    @raises Fatal where there is none, or more than one.
    """
    found = [
        os.path.relpath(place, folder)
        for root in (folder, os.path.join(folder, "src"))
        for below in (root, *_packages(root))
        for place in _workflows_in(below)
    ]
    if len(found) == 1:
        return os.path.join(os.curdir, found[0])
    raise Fatal(
        f"no workflows in the usual places ({MEANT})"
        if not found
        else f"workflows in several places: {', '.join(sorted(found))}",
        "set the input workflows to the module, the file or the folder that holds the workflow classes",
    )


def _packages(root: str) -> typing.List[str]:
    try:
        names = sorted(os.listdir(root))
    except OSError:
        return []
    return [
        os.path.join(root, name)
        for name in names
        if name.isidentifier()
        and name not in NOT_SEARCHED
        and name not in ("src", "workflows")
        and os.path.isdir(os.path.join(root, name))
        and not os.path.exists(os.path.join(root, name, "pyvenv.cfg"))
    ]


def _workflows_in(folder: str) -> typing.List[str]:
    places = [os.path.join(folder, "workflows.py"), os.path.join(folder, "workflows")]
    return [
        place
        for place in places
        if os.path.isfile(place) or (os.path.isdir(place) and _holds_modules(place))
    ]


def _holds_modules(folder: str) -> bool:
    return any(name.endswith(".py") for name in os.listdir(folder))
