import { readable } from './readable.js';

/**
 * Makes untrusted text safe to print on a runner's standard output, which is a command channel: the runner
 * can execute a line that begins (after white space) with `::`, or that contains `##[`.
 */
export function logLine(text: string): string {
  return readable(text)
    .replace(/##\[/gu, '# #[')
    .replace(/^(\s*):(?=:)/u, '$1: ');
}
