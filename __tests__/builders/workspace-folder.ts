import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary folder that stands for a checkout, with whatever else lies beside it. */
export class WorkspaceFolder {
  private readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')));
  /** Absolute real path of the checkout. */
  readonly path = join(this.root, 'checkout');

  constructor() {
    mkdirSync(this.path);
  }

  /** Writes a file; `../` leads beside the checkout. @returns its absolute path */
  file(path: string, content: string | Uint8Array = ''): string {
    const absolute = this.at(path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    return absolute;
  }

  folder(path: string): string {
    mkdirSync(this.at(path), { recursive: true });
    return this.at(path);
  }

  /** @returns the absolute path of the link itself */
  link(path: string, target: string): string {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    symlinkSync(this.at(target), this.at(path));
    return this.at(path);
  }

  at(path: string): string {
    return join(this.path, path);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
