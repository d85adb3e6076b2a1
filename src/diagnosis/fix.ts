import type { Cause } from '../model/cause.js';
import type { Divergence, Fix, SourceLines } from '../model/finding.js';
import { branchCode, type Guard } from './branches.js';
import { patchFor, patchIn } from './explain.js';
import { readable } from '../untrusted/readable.js';
import { idiomOf } from './idiom.js';

/** Causes that a branch of a patch mends, and which. */
const GUARDS: Partial<Readonly<Record<Cause, Guard>>> = {
  'command-added': 'new',
  'command-removed': 'old',
  'command-replaced': 'both',
  'commands-reordered': 'both',
  'command-moved': 'both',
  'workflow-ends-earlier': 'both',
  'workflow-ends-otherwise': 'both',
  'workflow-ends-later': 'new',
  'patch-removed': 'both',
  'patch-renamed': 'both',
  'patch-deprecated-early': 'both',
};

export interface Fixable {
  readonly cause: Cause;
  readonly divergence: Divergence;
  /** As the replayer names it. */
  readonly language: string | undefined;
  readonly lines: SourceLines | undefined;
  /** Where a patch is the cause: its ID. */
  readonly patch: string | undefined;
}

/** The remedy as code, with the lines that are known; undefined where it is no branch. */
export function fixOf({ cause, divergence, language, lines, patch }: Fixable): Fix | undefined {
  const guard = GUARDS[cause];
  const idiom = idiomOf(language);
  if (guard === undefined || idiom.branches === undefined) return undefined;
  const held = 'event' in divergence ? divergence.event.words : undefined;
  const issued = 'command' in divergence ? divergence.command : undefined;
  const isOfPatch = cause.startsWith('patch-');
  const id = isOfPatch
    ? (patch ?? patchIn(held))
    : patchFor(guard === 'old' ? held : (issued ?? held));
  // Elsewhere the line of the finding is not the one that issues the command.
  const isAtNewCode = isOfPatch || cause === 'command-added' || cause === 'command-replaced';
  const code = branchCode(guard, readable(id), idiom, {
    new: isAtNewCode && issued !== undefined ? lines?.code : undefined,
    // The old line of a patch asks for it.
    old: isOfPatch ? undefined : lines?.baseline,
  });
  return code === undefined ? undefined : { language: idiom.branches.fence, code };
}
