import type { Cause } from '../../../src/model/cause.js';

/** One change to one workflow of the corpus, with what a finding about it must say. */
export interface Edit {
  /** Unique in the corpus, and the same in every run. */
  readonly id: string;
  readonly workflowType: string;
  /** Path of the workflow's file in a folder of code. */
  readonly file: string;
  /** The operator's name; of edits by hand too, where one fits. */
  readonly kind: string;
  readonly origin: 'generated' | 'by-hand';
  /** Changes nothing that the workflow does, for any execution. */
  readonly equivalent: boolean;
  /** The workflow's file with the edit. */
  readonly text: string;
  /** Any of these is right, where it breaks. */
  readonly causes: readonly Cause[];
  /** Lines of `text` that a finding may point at; undefined where no line of it can be right. */
  readonly lines: ReadonlySet<number> | undefined;
}

/** A piece of text in place of another one. */
export interface Replacement {
  /** Offsets into the base's text. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** An import or the like that the edit needs: no finding may point at it. */
  readonly isAuxiliary?: boolean;
}

export interface Applied {
  readonly text: string;
  /** Lines that hold new text. */
  readonly changedLines: ReadonlySet<number>;
  /** Offsets into the new text where something is gone. */
  readonly gaps: readonly number[];
}

/** Applies replacements that do not overlap, and says where in the new text they are. */
export function apply(base: string, replacements: readonly Replacement[]): Applied {
  let text = '';
  let at = 0;
  const changedLines = new Set<number>();
  const gaps: number[] = [];
  for (const one of [...replacements].sort((a, b) => a.from - b.from)) {
    if (one.from < at) throw new Error('two replacements overlap');
    text += base.slice(at, one.from);
    const begin = text.length;
    text += one.text;
    at = one.to;
    if (one.isAuxiliary === true) continue;
    if (one.text.trim() === '') gaps.push(begin);
    else addLines(changedLines, text, begin + leadingSpace(one.text), text.trimEnd().length);
  }
  return { text: text + base.slice(at), changedLines, gaps };
}

/** The line, from 1, that holds the character at this offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}

function addLines(lines: Set<number>, text: string, from: number, to: number): void {
  for (let line = lineAt(text, from); line <= lineAt(text, to); line += 1) lines.add(line);
}
