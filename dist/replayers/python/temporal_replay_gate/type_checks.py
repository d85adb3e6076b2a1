"""Faster `isinstance` and `issubclass` while the sandbox imports the workflows' modules for each history."""

from __future__ import annotations

import builtins
import functools
import types
import typing


def shorten_type_checks() -> None:
    _in_the_sandbox()
    _of_update_handlers()


def _in_the_sandbox() -> None:
    """The SDK replaces both builtins in the sandbox, because restricted values are wrapped there.

    An import calls them a thousand times, and each call goes through six functions. These need two.
    """
    try:
        from temporalio.worker.workflow_sandbox import _importer, _restrictions

        proxy = _restrictions._RestrictedProxy
        unwrap = _restrictions.RestrictionContext.unwrap_if_proxied
        overridden = _importer._ThreadLocalCallable
        entries = _importer.Importer.__init__
        overridden.current.fget(_importer._thread_local_import)
    except (ImportError, AttributeError):
        return

    def call(self: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        return self.thread_local.__dict__.get("data", self.orig)(*args, **kwargs)

    def unwrapping(check: typing.Callable[[typing.Any, typing.Any], bool]) -> typing.Callable:
        def unwrapped(a: typing.Any, b: typing.Any) -> bool:
            if type(a) is proxy:
                a = unwrap(a)
            if type(b) is proxy:
                b = unwrap(b)
            return check(a, b)

        return unwrapped

    shorter = {name: unwrapping(getattr(builtins, name)) for name in ("isinstance", "issubclass")}

    @functools.wraps(entries)
    def make(self: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> None:
        entries(self, *args, **kwargs)
        replaced = getattr(self, "restricted_builtins", None)
        if isinstance(replaced, list):
            replaced[:] = [(name, one, shorter.get(name, check)) for name, one, check in replaced]

    setattr(overridden, "__call__", call)
    setattr(_importer.Importer, "__init__", make)


#: Types whose values take no attribute.
_PLAIN = (
    types.BuiltinFunctionType,
    types.ClassMethodDescriptorType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    str,
    type(None),
)


def _of_update_handlers() -> None:
    """The SDK asks of each member of each workflow class whether it is an update's handler, by a protocol whose
    attributes typing looks up in every base class. A member without the first attribute needs no more look-ups.
    """
    try:
        from temporalio.workflow import _definition

        protocol = _definition.UpdateMethodMultiParam
    except (ImportError, AttributeError):
        return
    if "_defn" not in getattr(protocol, "__annotations__", ()):
        return

    def check(value: typing.Any, cls: typing.Any) -> bool:
        if cls is protocol:
            kind = type(value)
            if kind in _PLAIN or (kind is types.FunctionType and "_defn" not in value.__dict__):
                return False
        # Looked up for each call, because in the sandbox it is the SDK's.
        return isinstance(value, cls)

    # The SDK's module finds this name before the builtin.
    setattr(_definition, "isinstance", check)
