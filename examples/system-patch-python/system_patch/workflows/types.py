"""What the workflows take and give. Durations are in seconds."""

from dataclasses import dataclass, field
from typing import List, Optional


@dataclass
class PatchRequest:
    # Number of the change in the change calendar.
    change_id: str
    # Names of the hosts; `activities.py` lists those that do not simply succeed.
    hosts: List[str]
    package: str
    # How long the change waits for its approval before it expires.
    approval_timeout: float = 2 * 24 * 3600
    # How long a host is watched after its restart before it takes traffic again.
    settling_time: float = 3600


@dataclass
class Decision:
    approved: bool
    by: str
    reason: str = ""


@dataclass
class HostRequest:
    host: str
    package: str
    settling_time: float


@dataclass
class HostResult:
    host: str
    # `patched` or `rolled-back`.
    outcome: str
    reason: Optional[str] = None


@dataclass
class PatchResult:
    # `patched`, `partly-patched`, `rejected` or `expired`.
    outcome: str
    hosts: List[HostResult] = field(default_factory=list)
