import {
  QUESTIONS,
  isHeld,
  questionsOf,
  scoreOf,
  shareWords,
  targetOf,
  type Question,
  type Sample,
} from './score.js';

const questions = Object.keys(QUESTIONS) as Question[];

/**
 * Prints the figures of one set of workflows.
 *
 * @returns whether every target is held
 */
export function printSet(title: string, samples: readonly Sample[]): boolean {
  const edits = new Set(samples.map(({ edit }) => edit.id)).size;
  const count = (kind: Sample['truth']['kind']): number =>
    samples.filter(({ truth }) => truth.kind === kind).length;
  console.log(`\n${title}: ${edits} edits, ${samples.length} executions taken over`);
  console.log(
    `  truth: ${count('breaks')} break, ${count('continues')} continue, ` +
      `${count('continues-differently')} continue differently, ${count('fails-later')} fail later` +
      (count('closes-at-once') === 0 ? '' : `, ${count('closes-at-once')} close at once`),
  );
  let held = true;
  for (const question of questionsOf(samples)) {
    const score = scoreOf(question, samples);
    const target = targetOf(question, samples);
    const isGood = isHeld(score, target);
    held &&= isGood;
    console.log(
      `  ${question.padEnd(26)}${shareWords(score).padEnd(34)}` +
        `target ${target * 100} %: ${isGood ? 'held' : 'MISSED'}`,
    );
  }
  return held;
}

/** One line for each kind of edit. */
export function printKinds(samples: readonly Sample[]): void {
  const kinds = [...new Set(samples.map(({ edit }) => edit.kind))].sort();
  const width = Math.max(...kinds.map((kind) => kind.length)) + 2;
  console.log('\nBy kind of edit, right of edits with 95 % intervals');
  console.log(`${'kind'.padEnd(width)}${questions.map((one) => one.padEnd(28)).join('')}`);
  for (const kind of kinds) {
    const ofKind = samples.filter(({ edit }) => edit.kind === kind);
    const cells = questions.map((question) => shareWords(scoreOf(question, ofKind)).padEnd(28));
    console.log(`${kind.padEnd(width)}${cells.join('')}`);
  }
}

/**
 * Everything that was wrong, whatever the shares say.
 *
 * @param suffix what the samples have in common, behind each heading
 */
export function printMisses(suffix: string, samples: readonly Sample[]): void {
  for (const question of questionsOf(samples)) {
    const { misses } = scoreOf(question, samples);
    if (misses.length === 0) continue;
    console.log(`\nMisses of "${question}"${suffix}`);
    for (const sample of misses) console.log(`  ${missWords(question, sample)}`);
  }
}

function missWords(question: Question, { edit, cut, heldOut, truth, said }: Sample): string {
  const where = `${edit.id} at cut ${cut}${heldOut ? ' (held out)' : ''}`;
  const { outcome, cause, location, headline, drift } = said;
  switch (question) {
    case 'breaks is red':
      return `${where}: ${outcome.kind}; the worker said: ${'message' in truth ? truth.message.slice(0, 200) : ''}`;
    case 'continues is not red':
      return `${where}: ${outcome.kind}; ${headline ?? outcome.message?.slice(0, 200) ?? ''}`;
    case 'line right':
      return `${where}: line ${location === undefined ? 'none' : location.line}, right: ${[...(edit.lines ?? [])].sort((a, b) => a - b).join(', ')}; ${headline ?? ''}`;
    case 'one finding':
      return `${where}: ${said.findings.length} findings; ${said.findings.join(' | ')}`;
    case 'fix proven':
      return `${where}: no fix of ${said.proof?.causes ?? 0} causes; ${cause ?? 'none'}; ${headline ?? ''}`;
    case 'proven fix holds':
      return `${where}: ${said.proof?.notPassing.join(' | ').slice(0, 400) ?? ''}`;
    case 'difference told':
      return `${where}: nothing told; the worker went on otherwise: ${'difference' in truth ? truth.difference.slice(0, 200) : ''}`;
    case 'nothing told of nothing':
      return `${where}: ${drift.length} differences told; ${JSON.stringify(drift[0] ?? 'red')}`;
    case 'cause right':
      return `${where}: ${cause ?? 'none'}, right: ${edit.causes.join(' or ') || 'none in the catalogue'}; ${headline ?? ''}`;
  }
}
