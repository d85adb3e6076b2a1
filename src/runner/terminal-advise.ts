import { headCommit } from '../files/head-commit.js';
import { advise as findAdvice } from '../gate/advise.js';
import { adviceParts } from '../machine/advice-parts.js';
import { deadlineOf } from '../pipeline/deadline.js';
import { adviceJson } from '../report/advice-json.js';
import { renderAdviceText } from '../report/advice-text.js';
import type { Session } from './session.js';
import { subjectAt } from './subject-at.js';

/** Tells which claims would hold. The answer is good when there is one, whatever it is. */
export async function advise({
  asked,
  settings,
  replayersFolder,
  environment,
  cancelled,
  style,
  progress,
  say,
  print,
}: Session): Promise<boolean> {
  const commit = await headCommit(settings.workspace);
  const advice = await findAdvice(
    settings,
    adviceParts({
      settings,
      subject: subjectAt(commit),
      environment,
      replayersFolder,
      cancelled,
      deadline: deadlineOf(settings.budget.timeBudgetMs, cancelled),
      progress: (done, of) => progress.show(`Replayed ${done} of ${of}`),
      say,
    }),
  );
  print(
    asked.flags.has('json')
      ? JSON.stringify(adviceJson(advice), undefined, 2)
      : renderAdviceText(advice, style),
  );
  return advice.problem === undefined;
}
