import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import { Session, type Profiler } from 'node:inspector';
import { pathToFileURL } from 'node:url';
import type { ReachedFile } from '../../src/replay/protocol.js';
import { SOURCE_MAP } from './sources.js';
import { isUserFile } from './stack.js';

/**
 * Which lines of the application's code have run in this process, by V8's own coverage. V8 counts blocks
 * only in code that it compiles while it counts, so counting begins before the bundle is loaded.
 */
export class Reach {
  private readonly session = new Session();

  constructor() {
    this.session.connect();
    this.post('Profiler.enable');
    // Count whether, not how often: so V8 can still optimize the code.
    this.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  }

  /**
   * The lines that have code, by file.
   *
   * @param code the bundle as it was run
   * @param codePath the name that it was run under
   */
  take(code: string, codePath: string): ReachedFile[] {
    const { result } = this.post(
      'Profiler.takePreciseCoverage',
    ) as Profiler.TakePreciseCoverageReturnType;
    const names = new Set([codePath, pathToFileURL(codePath).href]);
    const scripts = result.filter(({ url }) => names.has(url));
    const encoded = SOURCE_MAP.exec(code)?.[1];
    if (encoded === undefined) return [];
    const map = new TraceMap(Buffer.from(encoded, 'base64').toString('utf8'));
    return linesOf(
      map,
      code,
      scripts.map(({ functions }) => functions.flatMap(({ ranges }) => ranges)),
    );
  }

  /** An inspector of the same thread answers before `post` returns. */
  private post(method: string, parameters?: object): unknown {
    let answer: unknown;
    this.session.post(method, parameters, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }
}

/** A line has run when anything on it has. */
function linesOf(map: TraceMap, code: string, scripts: Profiler.CoverageRange[][]): ReachedFile[] {
  const starts = lineStarts(code);
  const ran = scripts.map((ranges) => whetherRan(ranges));
  const files = new Map<string, Map<number, boolean>>();
  eachMapping(map, ({ generatedLine, generatedColumn, source, originalLine }) => {
    const start = starts[generatedLine - 1];
    if (source === null || start === undefined || !isUserFile(source)) return;
    const lines = files.get(source) ?? new Map<number, boolean>();
    files.set(source, lines);
    if (lines.get(originalLine) === true) return;
    const offset = start + generatedColumn;
    lines.set(
      originalLine,
      ran.some((hasRun) => hasRun(offset)),
    );
  });
  return [...files].map(([file, lines]) => ({
    file,
    reached: [...lines].flatMap(([line, hasRun]) => (hasRun ? [line] : [])),
    unreached: [...lines].flatMap(([line, hasRun]) => (hasRun ? [] : [line])),
  }));
}

/**
 * V8's ranges are nested, and the innermost one counts.
 *
 * @returns whether the code at an offset has run
 */
function whetherRan(ranges: readonly Profiler.CoverageRange[]): (offset: number) => boolean {
  const sorted = [...ranges].sort(
    (a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset,
  );
  // Pieces with one answer each: `answers[i]` is that of `from[i]` up to `from[i + 1]`.
  const from: number[] = [0];
  const answers: boolean[] = [false];
  const open: Profiler.CoverageRange[] = [];
  const cut = (offset: number, answer: boolean): void => {
    from.push(offset);
    answers.push(answer);
  };
  const closeUntil = (offset: number): void => {
    for (let top = open.at(-1); top !== undefined && top.endOffset <= offset; top = open.at(-1)) {
      open.pop();
      cut(top.endOffset, (open.at(-1)?.count ?? 0) > 0);
    }
  };
  for (const range of sorted) {
    closeUntil(range.startOffset);
    open.push(range);
    cut(range.startOffset, range.count > 0);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return (offset) => {
    let low = 0;
    let high = from.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((from[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return answers[low] ?? false;
  };
}

/** Offset of each line's first character, in UTF-16 code units as V8 counts. */
function lineStarts(code: string): number[] {
  const starts = [0];
  for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
