import { UserError } from '../model/user-error.js';

/**
 * Checks that a header can carry a credential: printable ASCII characters only. Libraries repeat a value
 * that they refuse; this error does not.
 *
 * @param source where the value comes from, as in `Input api-key`
 */
export function checkHeaderValue(source: string, value: string): void {
  const why = /[\r\n]/u.test(value)
    ? 'holds a line break'
    : /^[\x20-\x7e]*$/u.test(value)
      ? undefined
      : 'holds a control character or a character that is not ASCII';
  if (why === undefined) return;
  throw new UserError({
    found: `${source} ${why}, which no header can carry`,
    expected: 'one line of ASCII characters',
    fix: 'store the secret again, without line breaks and without quotation marks around it',
  });
}
