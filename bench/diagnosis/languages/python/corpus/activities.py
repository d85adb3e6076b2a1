"""The activities of all workflows of the corpus.

Each answers at once and with the same for the same, so that two runs of one scenario leave the same
commands.
"""

from temporalio import activity
from temporalio.exceptions import ApplicationError


@activity.defn
async def audit(what: str) -> str:
    return f"audited {what}"


@activity.defn
async def reserve(what: str) -> str:
    return f"reservation of {what}"


@activity.defn
async def release(what: str) -> str:
    return f"released {what}"


@activity.defn
async def charge(what: str) -> str:
    return f"charged {what}"


@activity.defn
async def refund(what: str) -> str:
    return f"refunded {what}"


@activity.defn
async def ship(what: str) -> str:
    return f"shipped {what}"


@activity.defn
async def notify(what: str) -> str:
    return f"told {what}"


@activity.defn
async def store(what: str) -> str:
    return f"stored {what}"


@activity.defn
async def count(what: str) -> int:
    return len(what)


@activity.defn
async def check_fraud(what: str) -> bool:
    return what == ""


@activity.defn
async def draw(what: str) -> str:
    return f"drawing of {what}"


@activity.defn
async def refuse(what: str) -> str:
    raise ApplicationError(f"refused {what}", non_retryable=True)


ACTIVITIES = [
    audit,
    reserve,
    release,
    charge,
    refund,
    ship,
    notify,
    store,
    count,
    check_fraud,
    draw,
    refuse,
]
