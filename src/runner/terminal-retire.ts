import { lookAtVersions } from '../machine/look-at-versions.js';
import { retirementJson } from '../report/retirement-json.js';
import { renderRetirementText } from '../report/retirement-text.js';
import { concludeRetirement } from '../verdict/conclude-retirement.js';
import type { Session } from './session.js';

/** Tells which workers can be switched off. */
export async function retire({
  asked,
  settings,
  cancelled,
  style,
  progress,
  print,
}: Session): Promise<boolean> {
  progress.show('Looking at the versions of the server …');
  const retirement = await lookAtVersions(settings, cancelled);
  const failOnStuck = asked.flags.has('fail-on-stuck');
  const verdict = concludeRetirement(retirement, { failOnStuck });
  print(
    asked.flags.has('json')
      ? JSON.stringify(retirementJson(retirement), undefined, 2)
      : renderRetirementText(retirement, verdict, style),
  );
  return verdict.passes;
}
