"""How the worker is versioned.

In a Worker Deployment with DEPLOYMENT_NAME and BUILD_ID, in a version set of its task queue with BUILD_ID
alone, and not at all without both.
"""

import os
from typing import Any, Dict

from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import WorkerDeploymentConfig

# Workflow code that names no behaviour of its own has this one.
BEHAVIORS = {
    "pinned": VersioningBehavior.PINNED,
    "auto-upgrade": VersioningBehavior.AUTO_UPGRADE,
}


def versioning_options() -> Dict[str, Any]:
    build_id = os.environ.get("BUILD_ID")
    deployment_name = os.environ.get("DEPLOYMENT_NAME")
    if not build_id:
        if deployment_name:
            raise ValueError("DEPLOYMENT_NAME is set, so BUILD_ID should be too")
        return {}
    if not deployment_name:
        return {"build_id": build_id, "use_worker_versioning": True}
    behavior = os.environ.get("DEFAULT_VERSIONING_BEHAVIOR") or "pinned"
    if behavior not in BEHAVIORS:
        raise ValueError(
            f"DEFAULT_VERSIONING_BEHAVIOR is {behavior}, but should be one of {', '.join(BEHAVIORS)}"
        )
    return {
        "deployment_config": WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(deployment_name, build_id),
            use_worker_versioning=True,
            default_versioning_behavior=BEHAVIORS[behavior],
        )
    }


def describe_versioning() -> str:
    build_id = os.environ.get("BUILD_ID")
    deployment_name = os.environ.get("DEPLOYMENT_NAME")
    if not build_id:
        return "unversioned"
    return f"version {deployment_name}:{build_id}" if deployment_name else f"build {build_id}"
