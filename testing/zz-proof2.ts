import { findAct, runWorkflowFile } from './act.js';
import { findNode24 } from './node24.js';
import { pullRequestEvent } from './event.js';
import { startFakeGitHub } from './fake-github.js';
import { required } from './toolchain.js';
let b = performance.now();
const act = await findAct((l) => console.log(l));
console.log(act, performance.now() - b);
const node = required(await findNode24());
const g = await startFakeGitHub();
b = performance.now();
const r = await runWorkflowFile({
  act: required(act).path,
  workspace: '/tmp/proof/wf',
  workflowFile: '.github/workflows/t.yml',
  event: g.event(),
  apiUrl: g.url,
  githubToken: g.token,
  node: node.path,
  secrets: { SEC: 'multi\nline' },
  localActions: { 'acme/replay@v1': '/tmp/proof/wf/act' },
});
console.log(performance.now() - b, r.exitCode);
console.dir(r.jobs, { depth: 5 });
console.log(r.output.slice(-300));
console.log(
  (
    await runWorkflowFile({
      act: required(act).path,
      workspace: '/tmp/proof/wf',
      workflowFile: '.github/workflows/u.yml',
      event: g.event(),
      node: node.path,
      secrets: { SEC: 'multi\nline' },
      localActions: { 'acme/replay@v1': '/tmp/proof/wf/act' },
    })
  ).jobs[0]?.steps,
);
await g.stop();
