"""What only makes replay faster: outcomes are the same with it and without."""

from __future__ import annotations

import gc

from .code_cache import keep_code
from .payload_visits import skip_idle_visits
from .sandbox_code import compile_sandbox_code_once
from .type_checks import shorten_type_checks


def accelerate() -> None:
    """Call it before the application is loaded. Where a release of the SDK differs, a part changes nothing."""
    keep_code()
    compile_sandbox_code_once()
    shorten_type_checks()
    skip_idle_visits()


def spare_what_stays() -> None:
    """Call it once the application is loaded: later garbage collections then skip what is there.

    Each sandbox leaves classes and functions in cycles, so full collections are frequent. Each of them would
    go through the SDK and the application.
    """
    gc.collect()
    gc.freeze()
