/** Commands that give a result: how each counts its numbers, what it is called, and the field that names it. */
const GIVE_RESULT = {
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
const BRING_RESULT = {
    resolveActivity: 'activity',
    resolveChildWorkflowExecution: 'child workflow',
    resolveNexusOperationStart: 'Nexus operation',
    resolveNexusOperation: 'Nexus operation',
};
/** What a command and its result have in common; undefined for a command that gives none. */
export function resultKey(variant, seq) {
    const kind = GIVE_RESULT[variant]?.kind;
    return kind === undefined ? undefined : `${kind} ${String(seq)}`;
}
/** @param report is told the key of the command too, where it is a command's result */
export function watchDecoding(activator, report) {
    const { payloadConverter: converter, pushCommand } = activator;
    if (typeof converter?.fromPayload !== 'function')
        return;
    const names = new Map();
    let current;
    let told;
    const tell = (error, payload) => {
        if (error === told)
            return;
        told = error;
        const { of, name, decoded, key } = current ?? {
            of: 'other',
            name: '',
            decoded: 0,
            key: undefined,
        };
        const isInput = of === 'workflow' || of === 'signal' || of === 'update';
        report({
            of,
            name,
            ...(isInput ? { argument: decoded } : {}),
            reason: reasonOf(error, payload),
            thrown: wordsOf(error),
        }, key);
    };
    // A new object, because the SDK freezes what executions share.
    activator.payloadConverter = Object.assign(Object.create(converter), {
        fromPayload(payload, ...rest) {
            if (current !== undefined)
                current.decoded += 1;
            try {
                return converter.fromPayload(payload, ...rest);
            }
            catch (error) {
                tell(error, payload);
                throw error;
            }
        },
    });
    if (typeof pushCommand === 'function') {
        activator.pushCommand = function (command, complete) {
            for (const [variant, { words, named }] of Object.entries(GIVE_RESULT)) {
                const fields = command[variant];
                const key = typeof fields === 'object' ? resultKey(variant, fields?.['seq']) : undefined;
                if (key !== undefined && fields)
                    names.set(key, `${words} ${String(fields[named])}`);
            }
            pushCommand.call(this, command, complete);
        };
    }
    const within = (method, what) => {
        const methods = activator;
        const original = methods[method];
        if (typeof original !== 'function')
            return;
        methods[method] = function (job) {
            const before = current;
            current = { ...what(job), decoded: 0 };
            try {
                return original.call(this, job);
            }
            finally {
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
function wordsOf(error) {
    const { message } = (typeof error === 'object' && error !== null ? error : {});
    return typeof message === 'string' ? message : String(error);
}
const MAX_CAUSES = 20;
const MAX_REASON = 300;
function reasonOf(error, payload) {
    let innermost = error;
    for (let depth = 0; depth < MAX_CAUSES; depth++) {
        const { cause } = (typeof innermost === 'object' && innermost !== null ? innermost : {});
        if (cause === undefined || cause === null)
            break;
        innermost = cause;
    }
    const words = wordsOf(innermost);
    const { name } = (typeof innermost === 'object' && innermost !== null ? innermost : {});
    // The engine quotes the text that it cannot parse.
    if (name === 'SyntaxError' && /\bJSON\b/u.test(words))
        return 'it is not valid JSON';
    const hidden = hide(words, payload)
        .slice(0, MAX_REASON)
        .replace(/[.\s]+$/u, '');
    return name === 'Error' || typeof name !== 'string' ? hidden : `${name}: ${hidden}`;
}
/** Words of an error without those that are in the payload too: nothing of a payload may leave the process. */
function hide(words, payload) {
    const text = new TextDecoder().decode(payload?.data ?? new Uint8Array());
    const held = new Set(text.match(WORD));
    return words.replace(WORD, (word) => held.has(word) || (word.length >= LONG_ENOUGH && text.includes(word)) ? '…' : word);
}
const WORD = /[\p{L}\p{N}_]+/gu;
/** A shorter word can be a part of another one by chance. */
const LONG_ENOUGH = 4;
