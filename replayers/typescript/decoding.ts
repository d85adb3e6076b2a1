/**
 * Notes the payloads of history that the set-up cannot decode: what each belongs to, and why. A part of every bundle,
 * as the recorder is, and it is always on: the error alone does not tell whose payload it was, and a custom
 * converter's looks like any other error of the code. It imports nothing, for the reason that the recorder does not.
 */
export interface Undecoded {
  readonly of: 'workflow' | 'signal' | 'update' | 'result' | 'other';
  readonly name: string;
  readonly argument?: number;
  /** The innermost error's words, without what they quote of the payload. */
  readonly reason: string;
  /** The words of the error that the SDK gets. They can quote the payload, so they do not leave the process. */
  readonly thrown: string;
}

type Of = Pick<Undecoded, 'of' | 'name'>;

interface Job {
  readonly seq?: number | null;
  readonly signalName?: string | null;
  readonly name?: string | null;
  readonly result?: { readonly completed?: unknown } | null;
}

type Method = (this: unknown, job: Job) => unknown;

interface Converter {
  fromPayload(payload: Payload, ...rest: unknown[]): unknown;
}

interface Payload {
  readonly data?: Uint8Array | null;
}

/** Names of the SDK's activator, the same from 1.8 on as far as a release has them. */
export interface Decoding {
  payloadConverter?: Converter;
  pushCommand?: (command: Record<string, unknown>, complete?: boolean) => void;
}

/** Commands that give a result: how each counts its numbers, what it is called, and the field that names it. */
const GIVE_RESULT: Readonly<Record<string, { kind: string; words: string; named: string }>> = {
  // Activities of both kinds count together.
  scheduleActivity: { kind: 'activity', words: 'activity', named: 'activityType' },
  scheduleLocalActivity: { kind: 'activity', words: 'local activity', named: 'activityType' },
  startChildWorkflowExecution: {
    kind: 'child workflow',
    words: 'child workflow',
    named: 'workflowType',
  },
  scheduleNexusOperation: { kind: 'Nexus operation', words: 'Nexus operation', named: 'operation' },
};

/** The jobs that bring results, by the kind of their commands. */
const BRING_RESULT: Readonly<Record<string, string>> = {
  resolveActivity: 'activity',
  resolveChildWorkflowExecution: 'child workflow',
  resolveNexusOperationStart: 'Nexus operation',
  resolveNexusOperation: 'Nexus operation',
};

/** What a command and its result have in common; undefined for a command that gives none. */
export function resultKey(variant: string, seq: unknown): string | undefined {
  const kind = GIVE_RESULT[variant]?.kind;
  return kind === undefined ? undefined : `${kind} ${String(seq)}`;
}

/** @param report is told the key of the command too, where it is a command's result */
export function watchDecoding(
  activator: Decoding,
  report: (undecoded: Undecoded, key: string | undefined) => void,
): void {
  const { payloadConverter: converter, pushCommand } = activator;
  if (typeof converter?.fromPayload !== 'function') return;
  const names = new Map<string, string>();
  let current: (Of & { readonly key?: string; decoded: number }) | undefined;
  let told: unknown;

  const tell = (error: unknown, payload: Payload | undefined): void => {
    if (error === told) return;
    told = error;
    const { of, name, decoded, key } = current ?? {
      of: 'other' as const,
      name: '',
      decoded: 0,
      key: undefined,
    };
    const isInput = of === 'workflow' || of === 'signal' || of === 'update';
    report(
      {
        of,
        name,
        ...(isInput ? { argument: decoded } : {}),
        reason: reasonOf(error, payload),
        thrown: wordsOf(error),
      },
      key,
    );
  };

  // A new object, because the SDK freezes what executions share.
  activator.payloadConverter = Object.assign(Object.create(converter) as Converter, {
    fromPayload(payload: Payload, ...rest: unknown[]): unknown {
      if (current !== undefined) current.decoded += 1;
      try {
        return converter.fromPayload(payload, ...rest);
      } catch (error) {
        tell(error, payload);
        throw error;
      }
    },
  });

  if (typeof pushCommand === 'function') {
    activator.pushCommand = function (this: unknown, command, complete) {
      for (const [variant, { words, named }] of Object.entries(GIVE_RESULT)) {
        const fields = command[variant] as Record<string, unknown> | null | undefined;
        const key = typeof fields === 'object' ? resultKey(variant, fields?.['seq']) : undefined;
        if (key !== undefined && fields) names.set(key, `${words} ${String(fields[named])}`);
      }
      pushCommand.call(this, command, complete);
    };
  }

  const within = (method: string, what: (job: Job) => Of & { readonly key?: string }): void => {
    const methods = activator as unknown as Record<string, Method | undefined>;
    const original = methods[method];
    if (typeof original !== 'function') return;
    methods[method] = function (job) {
      const before = current;
      current = { ...what(job), decoded: 0 };
      try {
        return original.call(this, job);
      } finally {
        current = before;
      }
    };
  };
  within('startWorkflow', () => ({ of: 'workflow', name: '' }));
  within('signalWorkflow', ({ signalName }) => ({ of: 'signal', name: signalName ?? '' }));
  within('doUpdate', ({ name }) => ({ of: 'update', name: name ?? '' }));
  within('initializeWorkflow', () => ({
    of: 'other',
    name: 'the memo, or the result or failure of the run before',
  }));
  for (const [method, kind] of Object.entries(BRING_RESULT)) {
    within(method, ({ seq, result }) => {
      const key = `${kind} ${String(seq)}`;
      const name = names.get(key) ?? kind;
      return result?.completed == null
        ? { of: 'other', name: `the failure of ${name}`, key }
        : { of: 'result', name, key };
    });
  }
}

function wordsOf(error: unknown): string {
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as {
    message?: unknown;
  };
  return typeof message === 'string' ? message : String(error);
}

const MAX_CAUSES = 20;
const MAX_REASON = 300;

function reasonOf(error: unknown, payload: Payload | undefined): string {
  let innermost = error;
  for (let depth = 0; depth < MAX_CAUSES; depth++) {
    const { cause } = (typeof innermost === 'object' && innermost !== null ? innermost : {}) as {
      cause?: unknown;
    };
    if (cause === undefined || cause === null) break;
    innermost = cause;
  }
  const words = wordsOf(innermost);
  const { name } = (typeof innermost === 'object' && innermost !== null ? innermost : {}) as {
    name?: unknown;
  };
  // The engine quotes the text that it cannot parse.
  if (name === 'SyntaxError' && /\bJSON\b/u.test(words)) return 'it is not valid JSON';
  const hidden = hide(words, payload)
    .slice(0, MAX_REASON)
    .replace(/[.\s]+$/u, '');
  return name === 'Error' || typeof name !== 'string' ? hidden : `${name}: ${hidden}`;
}

/** Words of an error without those that are in the payload too: nothing of a payload may leave the process. */
function hide(words: string, payload: Payload | undefined): string {
  const text = new TextDecoder().decode(payload?.data ?? new Uint8Array());
  const held = new Set(text.match(WORD));
  return words.replace(WORD, (word) =>
    held.has(word) || (word.length >= LONG_ENOUGH && text.includes(word)) ? '…' : word,
  );
}

const WORD = /[\p{L}\p{N}_]+/gu;

/** A shorter word can be a part of another one by chance. */
const LONG_ENOUGH = 4;
