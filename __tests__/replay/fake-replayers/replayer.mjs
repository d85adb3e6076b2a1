import { spawn } from 'node:child_process';
import { existsSync, writeFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A replayer that replays nothing: `replayer.mjs BEHAVIOUR [FILE]`. It speaks on descriptor 3, as the
 * parent's launcher arranges it. What a behaviour leaves out is done as it should be.
 */
const [, , behaviour, file] = process.argv;

const READY = { type: 'ready', language: 'fake', sdk: { name: 'fake-sdk', version: '1.2.3' } };

const write = (text) => writeSync(3, text);
const say = (message) => write(`${JSON.stringify(message)}\n`);
const passed = ({ id }) => ({ type: 'result', id, outcome: 'passed' });

/** An endless loop, as in workflow code: no signal handler ever runs. */
const loop = () => {
  for (;;);
};

/** What is done one after the other. */
let queue = Promise.resolve();

const behaviours = {
  normal: {},

  'keeps its start': {
    start(message) {
      writeFileSync(file, JSON.stringify(message));
      say(READY);
    },
  },

  prints: {
    start() {
      console.log('{"type":"fatal","message":"forged"}');
      console.error('{"type":"fatal","message":"forged"}');
      say(READY);
    },
    replay(message) {
      console.log('{"type":"result","id":"forged","outcome":"passed"}');
      console.error('not JSON');
      say(passed(message));
    },
  },

  'broken line': { replay: () => write('{"type":"result",\n') },
  'not JSON': { replay: () => write('Replaying now\n') },
  'blank lines': { replay: (message) => write(`\n  \n${JSON.stringify(passed(message))}\n\n`) },
  'unknown fields': {
    start: () => say({ ...READY, mood: 'fine' }),
    replay: (message) => say({ ...passed(message), mood: 'fine' }),
  },
  'unknown message': { replay: () => say({ type: 'progress', percent: 50 }) },
  'unknown outcome': { replay: ({ id }) => say({ type: 'result', id, outcome: 'fine' }) },
  'wrong id': { replay: () => say(passed({ id: 'another' })) },
  'two results': {
    replay(message) {
      const { id } = message;
      write(
        [{ type: 'result', id, outcome: 'errored', message: 'the first' }, passed(message)]
          .map((result) => `${JSON.stringify(result)}\n`)
          .join(''),
      );
    },
  },
  'result before ready': { start: () => say(passed({ id: 'early' })) },
  'result before asked': {
    // In one piece, so that nobody can have asked in between.
    start: () =>
      write(`${JSON.stringify(READY)}\n${JSON.stringify(passed({ id: 'run-1 order-1' }))}\n`),
  },
  'ready twice': { start: () => write(`${JSON.stringify(READY)}\n${JSON.stringify(READY)}\n`) },
  'fatal late': { replay: () => say({ type: 'fatal', message: 'it is over', hint: 'rest' }) },
  /** Its message is the second argument. */
  'fatal at start': {
    start: () => say({ type: 'fatal', message: file || 'no SDK', hint: 'install one' }),
  },

  'long line': { replay: (message) => say({ ...passed(message), message: 'é'.repeat(4_000_000) }) },
  'endless line': {
    replay() {
      const megabyte = Buffer.alloc(1_000_000, 'x');
      for (;;) writeSync(3, megabyte);
    },
  },
  'no newline': {
    replay(message) {
      write(JSON.stringify(passed(message)));
      process.exit(0);
    },
  },
  'result and exit': {
    replay(message) {
      say(passed(message));
      process.exit(0);
    },
  },

  /** Its last words are the second argument, in base64. */
  says: {
    replay() {
      write(`${Buffer.from(file, 'base64').toString('utf8')}\n`);
      process.exit(0);
    },
  },

  'exits before the start': { now: () => process.exit(3) },
  'exits at the start': {
    start() {
      console.error('a last word\nand another');
      process.exit(3);
    },
  },
  'dies at the start': { start: () => process.kill(process.pid, 'SIGKILL') },
  'exits once ready': {
    start() {
      say(READY);
      process.exit(4);
    },
  },
  'exits in a replay': {
    replay() {
      console.error('out of luck');
      process.exit(5);
    },
  },
  'exits with success in a replay': { replay: () => process.exit(0) },
  'dies in a replay': { replay: () => process.kill(process.pid, 'SIGSEGV') },
  'exits and leaves somebody with its pipes': {
    replay() {
      // In a session of its own, so that it is not of our process group.
      const left = spawn('sleep', ['30'], { stdio: 'inherit', detached: true });
      writeFileSync(file, `${left.pid}`);
      process.exit(6);
    },
  },

  'never ready': { start: () => undefined },
  'never reads': { now: loop },
  'loops in a replay': {
    start() {
      process.on('SIGTERM', () => undefined);
      const child = spawn('sleep', ['600'], { stdio: 'ignore' });
      writeFileSync(file, `${process.pid} ${child.pid}`);
      say(READY);
    },
    replay: loop,
  },

  'by workflow ID': {
    replay(message) {
      const [what] = message.workflowId.split(' ');
      if (what === 'loops') loop();
      if (what === 'dies') process.exit(1);
      if (what === 'breaks') {
        return say({ ...passed(message), outcome: 'nondeterministic', message: 'it broke' });
      }
      if (what === 'errs')
        return say({ ...passed(message), outcome: 'errored', message: 'no idea' });
      if (what === 'unregistered') {
        const text = 'Workflow class orderWorkflow is not registered on this worker';
        return say({ ...passed(message), outcome: 'task-failed', message: text });
      }
      if (what === 'late') return setTimeout(() => say(passed(message)), 1_200);
      if (what === 'dies-once' && !existsSync(file)) {
        writeFileSync(file, '');
        process.exit(1);
      }
      say({ ...passed(message), message: `by ${process.pid}`, durationMs: 1 });
    },
  },

  /** Two in its hands, one after the other: each takes as many milliseconds as its workflow ID says. */
  'two, one after the other': {
    start: () => say({ ...READY, concurrency: 2 }),
    replay(message) {
      const [, milliseconds] = message.workflowId.split(' ');
      queue = queue.then(
        () =>
          new Promise((resolve) => {
            if (milliseconds === undefined) loop();
            setTimeout(() => resolve(say(passed(message))), Number(milliseconds));
          }),
      );
    },
  },
  /** Two at a time: those without a number in their workflow ID never end, and keep nobody else. */
  'two side by side': {
    start: () => say({ ...READY, concurrency: 2 }),
    replay(message) {
      const [, milliseconds] = message.workflowId.split(' ');
      if (milliseconds !== undefined) setTimeout(() => say(passed(message)), Number(milliseconds));
    },
  },

  environment: {
    replay: (message) => say({ ...passed(message), message: JSON.stringify(process.env) }),
  },
  'repeats the start': {
    start: (message) => say({ ...READY, workflowTypes: [JSON.stringify(message)] }),
  },
};

const { now, start, replay } = behaviours[behaviour];
now?.();
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === 'start') (start ?? (() => say(READY)))(message);
  else if (message.type === 'replay') (replay ?? ((asked) => say(passed(asked))))(message);
  else process.exit(0);
}
