"""Installed copies of packages that a folder of somebody's checkout holds."""

import os
import typing
import urllib.parse
import urllib.request
from importlib.metadata import Distribution, distributions


def folders_of_copies(loaded: typing.Iterable[str]) -> typing.Set[str]:
    """The folders, or archives, from which what is loaded of the installed packages was copied.

    A baseline that shares an environment must not load what was copied from the code under test. Installers write down
    where a package came from (`direct_url.json`).
    """
    files = {os.path.realpath(file) for file in loaded}
    return {
        folder
        for distribution in distributions()
        for folder in (_folder(distribution),)
        if folder is not None and _holds_any(distribution, files)
    }


def _folder(distribution: Distribution) -> typing.Optional[str]:
    import json

    try:
        direct = json.loads(distribution.read_text("direct_url.json") or "{}")
        # Nothing is copied of it: its modules are files of the folder itself.
        if direct.get("dir_info", {}).get("editable"):
            return None
        url = urllib.parse.urlsplit(direct["url"])
    except (AttributeError, KeyError, TypeError, ValueError, OSError):
        return None
    return urllib.request.url2pathname(url.path) if url.scheme == "file" else None


def _holds_any(distribution: Distribution, files: typing.Set[str]) -> bool:
    return any(
        os.path.realpath(str(distribution.locate_file(file))) in files
        for file in distribution.files or ()
    )
