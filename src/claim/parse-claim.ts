import type { ClaimPosition } from '../model/claim.js';
import type { Claim } from '../model/claim.js';
import { queryProblem } from '../model/queryable.js';
import { damerauLevenshtein } from '../model/edit-distance.js';
import { readable } from '../untrusted/readable.js';

/** Type, optional scope and colon of a Conventional Commit title (conventionalcommits.org, v1.0.0). */
const CONVENTIONAL_TYPE = /^[A-Za-z][A-Za-z-]*(?:\([^()]*\))?!?:\s*/u;

const EXACT = /^\[compatible-([^\]]+)\]/u;

/** Any bracket, then the first word after it. */
const BRACKETED_WORD = /^[[({<]+\s*([a-z]+)(.?)/u;

/**
 * The server refuses longer build IDs (`limit.workerBuildIdSize`, 255 by default).
 */
const MAX_BUILD_ID_LENGTH = 255;

/**
 * Reads the claim from a pull request's title.
 *
 * A near miss at the place of a claim is `malformed`, not `not-claimed`: its author believes that the
 * check ran. A claim elsewhere in the title claims nothing, and a warning says so.
 */
export function parseClaim(title: string, position: ClaimPosition = 'start'): Claim {
  const trimmed = title.trim();
  const prefix = CONVENTIONAL_TYPE.exec(trimmed)?.[0] ?? '';
  const place = position === 'after-type' ? trimmed.slice(prefix.length) : trimmed;

  const exact = EXACT.exec(place);
  if (exact?.[1] !== undefined) return claimFor(exact[1]);

  const problem = nearMiss(place) ?? misplaced(trimmed, position);
  if (problem !== undefined) return { kind: 'malformed', problem };

  if (/\[\s*compatible\b/iu.test(normalise(trimmed))) {
    return {
      kind: 'not-claimed',
      warning: /^revert\b/iu.test(trimmed)
        ? 'The title reverts a change that made a claim; a revert claims nothing by itself. ' +
          'To have it checked, start the title with [compatible-BUILD_ID].'
        : 'The title has [compatible-…], but not at its start, so it claims nothing. ' +
          'To make a claim, move it to the start.',
    };
  }
  if (/^compatible\s*[-‐-―:_]\s*\S/iu.test(trimmed)) {
    return {
      kind: 'not-claimed',
      warning:
        'The title starts like a claim but has no brackets. To make one, write [compatible-BUILD_ID].',
    };
  }
  return { kind: 'not-claimed' };
}

function claimFor(buildId: string): Claim {
  const problem = buildIdProblem(buildId);
  return problem === undefined
    ? { kind: 'claimed', buildId, from: 'title' }
    : {
        kind: 'malformed',
        problem: `The build ID in [compatible-${readable(buildId)}] ${problem}.`,
      };
}

/**
 * Says why a build ID cannot be used, or undefined. Quotes, backslashes and control characters match
 * differently on different Visibility stores, so no query can carry them portably.
 */
export function buildIdProblem(buildId: string): string | undefined {
  if (buildId.trim() === '') return 'is empty';
  if (/\s/u.test(buildId)) return 'contains white space';
  if (/[\u034f\p{C}\u115f\u1160\u3164\p{Variation_Selector}]/u.test(buildId)) {
    return 'contains a control or invisible character';
  }
  const unqueryable = queryProblem(buildId);
  if (unqueryable !== undefined) return unqueryable;
  if (/[[\]]/u.test(buildId)) return 'contains a bracket';
  if (buildId.length > MAX_BUILD_ID_LENGTH) {
    return `is ${buildId.length} characters long (at most ${MAX_BUILD_ID_LENGTH})`;
  }
  return undefined;
}

/** Recognises what its author probably meant as a claim, at the place of a claim. */
function nearMiss(place: string): string | undefined {
  const plain = normalise(place);
  const match = BRACKETED_WORD.exec(plain.toLowerCase());
  if (match?.[1] === undefined) return undefined;
  const [, word, next] = match;
  // "incompatible" and "compatibility" are words of their own and say something else.
  if (/^(in|un|non)/u.test(word) || /^compatib(i|ly)/u.test(word)) return undefined;
  if (damerauLevenshtein(word, 'compatible') > 2) return undefined;

  const shown = `"${readable(place.slice(0, 40))}"`;
  if (/^\[compatible-\]/u.test(plain)) return `${shown} names no build ID.`;
  if (/^\[compatible-[^\]]*$/u.test(plain)) return `${shown} is not closed by a "]".`;
  if (EXACT.test(plain)) return `${shown} contains an invisible or look-alike character.`;
  if (/^\[compatible-/iu.test(plain)) return `${shown}: "compatible" must be in lower case.`;
  if (word === 'compatible' && next !== '-') {
    return `${shown}: "compatible" must be followed by "-" and the build ID.`;
  }
  return `${shown} looks like a claim but is not one.`;
}

/** A claim after a type, where `claim-position` does not allow it or a hidden character prevents it. */
function misplaced(trimmed: string, position: ClaimPosition): string | undefined {
  const plain = normalise(trimmed);
  const prefix = CONVENTIONAL_TYPE.exec(plain)?.[0];
  if (prefix === undefined) return undefined;
  const behind = plain.slice(prefix.length);
  if (!EXACT.test(behind) && nearMiss(behind) === undefined) return undefined;
  return position === 'start'
    ? `The claim stands after "${readable(prefix.trim())}" and not at the start of the title. ` +
        'Teams that require Conventional Commits can set claim-position: after-type.'
    : `"${readable(trimmed.slice(0, 40))}" contains an invisible or look-alike character before the claim.`;
}

/** Letters of other scripts that look like those of "compatible". */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    в: 'b',
    ь: 'b',
    с: 'c',
    ϲ: 'c',
    е: 'e',
    і: 'i',
    ι: 'i',
    ı: 'i',
    ӏ: 'l',
    м: 'm',
    о: 'o',
    ο: 'o',
    р: 'p',
    ρ: 'p',
    т: 't',
    τ: 't',
    α: 'a',
    С: 'C',
    О: 'O',
  }),
);

/** The text as a person sees it: invisible characters gone, look-alikes replaced. */
function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u034f\p{Cf}\p{Cc}\p{Variation_Selector}\u115f\u1160\u3164]/gu, '')
    .replace(/\p{Pd}|\u2212/gu, '-')
    .replace(/[【〔⟦「『]/gu, '[')
    .replace(/[】〕⟧」』]/gu, ']')
    .replace(/\p{L}/gu, (letter) => LOOK_ALIKES.get(letter) ?? letter)
    .trimStart();
}

/** What the author of a malformed claim can do: always both. */
export function waysOut(): string {
  return (
    'write [compatible-BUILD_ID] at the start of the title to claim compatibility with that version, ' +
    'or remove the brackets to claim nothing'
  );
}
