import { createHmac } from 'node:crypto';

const DATE =
  /^\d{4}-\d\d-\d\d(?<time>[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?<zone>Z|[+-]\d\d:?\d\d)?$/u;
const HEXADECIMAL = /^(?=.*\d)[\da-f-]{8,}$/iu;

/** "30s", "1 hour", "2.5 days", "PT1H30M": the units are no contents. */
const LENGTH_OF_TIME =
  /^-?\d+(?:\.\d+)?\s?(?:ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|yrs?|years?)$|^P(?=.)(?:\d+[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])+)?$/iu;

/**
 * Replaces contents by others of the same form: as long, digits for digits, letters for letters, a date for a date.
 * Within one history equal contents stay equal. Whoever does not have the key cannot go back.
 */
export class Pseudonyms {
  private readonly key: Uint8Array;
  /** Contents that stay: the history shows them anyway in its IDs, or somebody has said so. */
  private readonly shown: ReadonlySet<string>;

  constructor(key: Uint8Array, shown: ReadonlySet<string>) {
    this.key = key;
    this.shown = shown;
  }

  text(text: string): string {
    if (text === '' || this.shown.has(text)) return text;
    const random = this.stream(text);
    if (DATE.test(text)) return dateLike(text, random);
    if (LENGTH_OF_TIME.test(text)) return replaceDigits(text, random);
    const isHexadecimal = HEXADECIMAL.test(text);
    // By UTF-16 units, so that the text stays as long as it was.
    return Array.from({ length: text.length }, (_, at) => {
      const unit = text.charAt(at);
      if (/\d/u.test(unit)) return pick('0123456789', random());
      if (isHexadecimal && /[a-f]/u.test(unit)) return pick('abcdef', random());
      if (isHexadecimal && /[A-F]/u.test(unit)) return pick('ABCDEF', random());
      if (/[a-z]/u.test(unit)) return pick(LETTERS, random());
      if (/[A-Z]/u.test(unit)) return pick(LETTERS.toUpperCase(), random());
      // Spaces and punctuation make the form; letters of other alphabets do not stay.
      return unit < '\u0080' ? unit : 'x';
    }).join('');
  }

  /** Zero stays zero, and a number keeps its sign and its digits' places. */
  number(number: number): number {
    const literal = String(number);
    if (this.shown.has(literal)) return number;
    const [mantissa = '', exponent] = literal.split('e');
    const replaced = replaceDigits(mantissa, this.stream(literal));
    const other = Number(exponent === undefined ? replaced : `${replaced}e${exponent}`);
    // The largest numbers have no room above them.
    return Number.isFinite(other) ? other : Number(`${number < 0 ? '-' : ''}1e${exponent}`);
  }

  /** Numbers that follow from the content and the key. */
  private stream(content: string): () => number {
    let block = Buffer.alloc(0);
    let at = 0;
    let blocks = 0;
    return () => {
      if (at >= block.length) {
        block = createHmac('sha256', this.key).update(`${blocks++}:${content}`).digest();
        at = 0;
      }
      return block[at++] ?? 0;
    };
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function pick(of: string, random: number): string {
  return of.charAt(random % of.length);
}

/** Other digits: a zero at the beginning stays, and nothing else becomes one there. */
function replaceDigits(text: string, random: () => number): string {
  let isFirst = true;
  return text.replace(/\d/gu, (digit) => {
    if (isFirst && digit === '0') return digit;
    const other = pick(isFirst ? '123456789' : '0123456789', random());
    isFirst = false;
    return other;
  });
}

/** A moment of another year, written in the same way. */
function dateLike(text: string, random: () => number): string {
  const two = (from: number, count: number): string =>
    String(from + (random() % count)).padStart(2, '0');
  const { time = '', zone = '' } = DATE.exec(text)?.groups ?? {};
  const clock = time.replace(/\d\d(?=:|$|\.)/gu, () => two(0, 24));
  const fraction = clock.replace(
    /\.\d+/u,
    (digits) => `.${digits.slice(1).replace(/\d/gu, () => pick('0123456789', random()))}`,
  );
  return `20${two(0, 24)}-${two(1, 12)}-${two(1, 28)}${fraction}${zone}`;
}
