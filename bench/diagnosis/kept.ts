import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The value that a file keeps for the same key, or a new one that is then kept there. What the key is made
 * of is all that the value depends on: where any of it has changed, the value is made again.
 */
export async function keptOr<Value>(
  path: string,
  key: readonly unknown[],
  make: () => Promise<Value>,
): Promise<Value> {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  try {
    const kept = JSON.parse(await readFile(path, 'utf8'), revive) as { hash: string; value: Value };
    if (kept.hash === hash) return kept.value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const value = await make();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ hash, value }, replace));
  return value;
}

/** Bytes as base64: `JSON.stringify` would write each as a number. */
function replace(this: unknown, key: string, value: unknown): unknown {
  const own = (this as Record<string, unknown>)[key];
  return own instanceof Uint8Array ? { $base64: Buffer.from(own).toString('base64') } : value;
}

function revive(_key: string, value: unknown): unknown {
  const base64 = (value as { $base64?: unknown } | null)?.$base64;
  return typeof base64 === 'string' ? new Uint8Array(Buffer.from(base64, 'base64')) : value;
}
