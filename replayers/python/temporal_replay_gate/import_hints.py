"""What to do about an error that the application's modules raise while they are imported."""

from __future__ import annotations

import typing

ENVIRONMENT = (
    "it runs without secrets and sees few variables: name the others that it needs in replay-env"
)

DJANGO = (
    "set Django up before the workflows are imported: a module of your own, such as replay_workflows.py, sets "
    "DJANGO_SETTINGS_MODULE by os.environ.setdefault, calls django.setup(), and then imports the workflows; name it "
    "in the input workflows (docs/python.md)"
)


def import_hint(error: BaseException) -> str:
    for one in _chain(error):
        if type(one).__module__.startswith("django."):
            return DJANGO
        variable = _missing_variable(one)
        if variable is not None:
            return (
                f"it runs without secrets and sees few variables: name {variable} in replay-env, or let the code not "
                "need it while it is imported"
            )
    return ENVIRONMENT


def _chain(error: BaseException) -> typing.Iterator[BaseException]:
    seen: typing.Set[int] = set()
    current: typing.Optional[BaseException] = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _missing_variable(error: BaseException) -> typing.Optional[str]:
    """The name that `os.environ` does not have."""
    traceback = error.__traceback__
    if not isinstance(error, KeyError) or not error.args or traceback is None:
        return None
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    frame = traceback.tb_frame
    is_environment = type(frame.f_locals.get("self")).__name__ == "_Environ"
    return str(error.args[0]) if is_environment else None
