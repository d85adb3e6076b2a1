/** Milliseconds of the units of all languages, by the letters that tell them apart. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/iu, 1],
  [/^(?:s|secs?|seconds?)$/iu, 1000],
  [/^(?:m|mins?|minutes?)$/iu, 60_000],
  [/^(?:h|hrs?|hours?)$/iu, 3_600_000],
  [/^(?:d|days?)$/iu, 86_400_000],
  [/^(?:w|weeks?)$/iu, 604_800_000],
];

const NUMBER = String.raw`\d[\d_]*(?:\.\d+)?`;
const PRODUCT = new RegExp(String.raw`^${NUMBER}(?:\s*\*\s*${NUMBER})*$`, 'u');
const IN_QUOTES = new RegExp(String.raw`^['"\x60](${NUMBER})\s*([A-Za-z]*)['"\x60]$`, 'u');
const OF_JAVA = new RegExp(String.raw`^Duration\.of(\w+)\((${NUMBER})[Ll]?\)$`, 'u');
const OF_GO = /^(?:(.+?)\s*\*\s*)?time\.(Hour|Minute|Second|Millisecond)$/u;
const OF_PYTHON = /^(?:datetime\.)?timedelta\((.*)\)$/u;

/**
 * The length that a call in source gives its timer, in milliseconds. Undefined where it is no literal, because then only
 * running the code would tell.
 *
 * @param call from the call's name on
 * @param numberUnit milliseconds of a number without a unit: 1000 in Python, 1 elsewhere
 */
export function lengthInCall(call: string, numberUnit: number): number | undefined {
  for (const argument of argumentsOf(call)) {
    const length = lengthOf(argument.trim().replace(/^\w+\s*=\s*/u, ''), numberUnit);
    if (length !== undefined) return length;
  }
  return undefined;
}

function lengthOf(argument: string, numberUnit: number): number | undefined {
  if (PRODUCT.test(argument)) return product(argument) * numberUnit;
  const quoted = IN_QUOTES.exec(argument);
  if (quoted !== null) return inUnit(quoted[1] ?? '', quoted[2] === '' ? 'ms' : (quoted[2] ?? ''));
  const java = OF_JAVA.exec(argument);
  if (java !== null) return inUnit(java[2] ?? '', java[1] ?? '');
  const go = OF_GO.exec(argument);
  if (go !== null) {
    const [, factor = '1', unit = ''] = go;
    return PRODUCT.test(factor) ? inUnit(String(product(factor)), unit) : undefined;
  }
  const python = OF_PYTHON.exec(argument);
  return python === null ? undefined : ofTimedelta(python[1] ?? '');
}

function ofTimedelta(list: string): number | undefined {
  let sum = 0;
  for (const part of list.split(',')) {
    const [, unit = 'days', number = ''] = /^\s*(?:(\w+)\s*=\s*)?(.*?)\s*$/u.exec(part) ?? [];
    if (number === '' && list.trim().endsWith(',')) continue;
    const length = PRODUCT.test(number) ? inUnit(String(product(number)), unit) : undefined;
    if (length === undefined) return undefined;
    sum += length;
  }
  return sum;
}

function inUnit(number: string, unit: string): number | undefined {
  const factor = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  return factor === undefined ? undefined : Math.round(product(number) * factor);
}

function product(text: string): number {
  return text
    .split('*')
    .map((factor) => Number(factor.replace(/_/gu, '')))
    .reduce((a, b) => a * b, 1);
}

/** The arguments of a call, as far as its text goes. */
function argumentsOf(call: string): string[] {
  const start = call.indexOf('(');
  if (start === -1) return [];
  const found: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < call.length; at += 1) {
    const letter = call[at] ?? '';
    if ('([{'.includes(letter)) depth += 1;
    if (')]}'.includes(letter)) depth -= 1;
    if (depth === 0 || (depth === 1 && letter === ',')) {
      found.push(call.slice(from, at));
      from = at + 1;
    }
    if (depth === 0) break;
  }
  return found;
}
