"""In-memory stand-ins for the hosts, their hypervisor, the load balancer and the change calendar.

Every result follows from the arguments and the attempt alone, so that two workers, or a restarted one,
agree. A host's name says how it behaves:

- `held-…` keeps the installation open until its owner opens the maintenance window, by an asynchronous
  completion, and holds no worker while it waits,
- `flaky-…` loses its connection in the middle of the first installation,
- `broken-…` does not come up again: its services fail the check for good.
"""

import asyncio
from typing import Dict, List

from temporalio import activity
from temporalio.exceptions import ApplicationError

PARTS = 4

_versions: Dict[str, str] = {}
_out_of_traffic: List[str] = []
_changes: Dict[str, str] = {}


@activity.defn(name="inspectHost")
async def inspect_host(host: str, package: str) -> str:
    """Returns the installed version."""
    return _versions.get(host, f"{package}, unpatched")


@activity.defn(name="askForApproval")
async def ask_for_approval(change_id: str, hosts: List[str]) -> None:
    _changes[change_id] = f"waiting, {len(hosts)} hosts"


@activity.defn(name="closeChange")
async def close_change(change_id: str, outcome: str) -> None:
    _changes[change_id] = outcome


@activity.defn(name="drainHost")
async def drain_host(host: str) -> None:
    _out_of_traffic.append(host)


@activity.defn(name="restoreTraffic")
async def restore_traffic(host: str) -> None:
    if host in _out_of_traffic:
        _out_of_traffic.remove(host)


@activity.defn(name="takeSnapshot")
async def take_snapshot(host: str) -> str:
    """Returns the snapshot's name."""
    await _in_parts(0)
    return f"snapshot-of-{host}"


@activity.defn(name="revertToSnapshot")
async def revert_to_snapshot(host: str, snapshot: str) -> None:
    await _in_parts(0)
    _versions.pop(host, None)
    activity.logger.info("%s is as in %s again", host, snapshot)


@activity.defn(name="installPatch")
async def install_patch(host: str, package: str) -> None:
    """Goes on behind the last part that an earlier attempt has reported."""
    if host.startswith("held-"):
        activity.raise_complete_async()
    details = activity.info().heartbeat_details
    reported = int(details[0]) if details else 0
    if host.startswith("flaky-") and activity.info().attempt == 1:
        activity.heartbeat(PARTS // 2)
        raise ApplicationError(f"The connection to {host} was lost", type="ConnectionLost")
    await _in_parts(reported)
    _versions[host] = package


@activity.defn(name="restartHost")
async def restart_host(host: str) -> None:
    activity.logger.info("%s restarts", host)


@activity.defn(name="checkServices")
async def check_services(host: str) -> None:
    if host.startswith("broken-"):
        raise ApplicationError(
            f"The services of {host} do not answer", type="ServicesDown", non_retryable=True
        )


@activity.defn(name="checkVersion")
async def check_version(host: str, package: str) -> str:
    return _versions.get(host, package)


async def _in_parts(first: int) -> None:
    for part in range(first, PARTS):
        activity.heartbeat(part)
        await asyncio.sleep(0.005)


ACTIVITIES = [
    inspect_host,
    ask_for_approval,
    close_change,
    drain_host,
    restore_traffic,
    take_snapshot,
    revert_to_snapshot,
    install_patch,
    restart_host,
    check_services,
    check_version,
]
