import { proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type * as activities from '../activities';
import { remindersSent } from './messages';
import type { ReminderInput } from './types';

const { sendReminder } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 ms', maximumAttempts: 5 },
});

/** Reminds a customer several times, usually at growing intervals. */
export async function reminder(input: ReminderInput): Promise<void> {
  let sent = 0;
  setHandler(remindersSent, () => sent);

  for (const interval of input.intervals) {
    await sleep(interval);
    await sendReminder(input.customerId, input.text);
    sent += 1;
  }
}
