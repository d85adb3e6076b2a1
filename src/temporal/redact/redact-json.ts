import type { Pseudonyms } from './pseudonyms.js';

/** The same JSON with other contents: nesting, lists, names of fields, null, true and false stay. */
export function redactJson(value: unknown, pseudonyms: Pseudonyms): unknown {
  if (typeof value === 'string') return pseudonyms.text(value);
  if (typeof value === 'number') return pseudonyms.number(value);
  if (Array.isArray(value)) return value.map((item) => redactJson(item, pseudonyms));
  if (typeof value !== 'object' || value === null) return value;
  const names = new Set(Object.keys(value).filter(isFieldName));
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      isFieldName(key) ? key : nameFor(key, names, pseudonyms),
      redactJson(child, pseudonyms),
    ]),
  );
}

/** Short keys may get the same pseudonym. Then one grows, so that no entry is lost. */
function nameFor(key: string, names: Set<string>, pseudonyms: Pseudonyms): string {
  let name = pseudonyms.text(key);
  while (names.has(name)) name += 'x';
  names.add(name);
  return name;
}

/** Whether a key looks like the name of a field. Keys of a map that are contents mostly do not. */
function isFieldName(key: string): boolean {
  return /^[A-Za-z_$][A-Za-z_$-]{0,39}$/u.test(key);
}
