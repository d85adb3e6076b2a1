from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from orders import activities

from .types import ReminderInput


@workflow.defn(name="reminder")
class Reminder:
    """Reminds a customer several times, usually at growing intervals."""

    def __init__(self) -> None:
        self._sent = 0

    @workflow.query(name="remindersSent")
    def reminders_sent(self) -> int:
        return self._sent

    @workflow.run
    async def run(self, reminder: ReminderInput) -> None:
        for interval in reminder.intervals:
            await workflow.sleep(interval)
            await workflow.execute_activity(
                activities.send_reminder,
                args=[reminder.customer_id, reminder.text],
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(milliseconds=100), maximum_attempts=5
                ),
            )
            self._sent += 1
