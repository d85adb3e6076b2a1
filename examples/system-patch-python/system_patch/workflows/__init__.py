"""All workflow classes, as the worker registers them."""

from .patch_host import PatchHost
from .patch_systems import PatchSystems

WORKFLOWS = [PatchHost, PatchSystems]
