"""What only makes replay faster: outcomes are the same with it and without."""

from __future__ import annotations

import gc

from .code_cache import keep_code
from .payload_visits import skip_idle_visits
from .sandbox_code import compile_sandbox_code_once
from .type_checks import shorten_type_checks


def accelerate() -> None:
    """Before the application is loaded. Each part leaves alone what a release of the SDK does otherwise."""
    keep_code()
    compile_sandbox_code_once()
    shorten_type_checks()
    skip_idle_visits()


def spare_what_stays() -> None:
    """Once the application is loaded: no later collection looks at what is there until the end.

    Each sandbox leaves classes and functions in cycles behind, so that full collections are frequent, and
    each of them would go through the SDK and the application.
    """
    gc.collect()
    gc.freeze()
