import { executionGroups } from '../model/target.js';
import type { ConnectOptions, Engine, HistoryServer, ServerSource } from '../engine/engine.js';
import { HistoryDecoder } from './codec/history-decoder.js';
import { RemoteCodec } from './codec/remote-codec.js';
import { claimable } from './claimable.js';
import { Server } from './connection.js';
import { explainNoMatch } from './explain-no-match.js';
import { findLeftByReset } from './find-left-by-reset.js';
import { hasHistoryLength } from './has-history-length.js';
import { HistoryFiles } from './history-files.js';
import { jsonOfHistory } from './history/json-of-history.js';
import { WholeHistory } from './history/whole-history.js';
import { listExecutions, listGroups } from './list-executions.js';
import { readHistory, wholeRead } from './read-history.js';
import { readRetention } from './read-retention.js';
import { temporalReader } from './reader.js';
import { redactHistory } from './redact/redact-history.js';
import { resolveTarget, type Scope } from './resolve-target.js';
import { serverIdentity } from './server-identity.js';
import { countClosed } from './versions/count-closed.js';
import { resolveVersion } from './versions/resolve-version.js';
import { readVersions } from './versions/read-versions.js';

export const temporal: Engine = {
  reader: temporalReader,
  connect: async (source: ServerSource, options: ConnectOptions) =>
    temporalServer(await Server.connect(source.connection(), options), source),
  openFiles: (passphrase) => new HistoryFiles(passphrase),
  files: { textOf: jsonOfHistory, redact: redactHistory },
  openDecoder: (codec) => new HistoryDecoder(new RemoteCodec(codec)),
};

/** @param scope the part of the server in which a claim's executions are looked for */
export function temporalServer(server: Server, scope: Scope): HistoryServer {
  return {
    get requests() {
      return server.requests;
    },
    identity: () => serverIdentity(server),
    resolveTarget: (claim) => resolveTarget(server, claim, scope),
    claimable: () => claimable(server, scope),
    listExecutions: async (target) => {
      if (target.kind === 'history-files') throw new Error('this target is not on a server');
      return 'query' in target
        ? listExecutions(server, target.query)
        : listGroups(server, executionGroups(target));
    },
    explainNoMatch: (target) => explainNoMatch(server, target, scope),
    readRetention: () => readRetention(server),
    readHistory: (execution, options) => readHistory(server, execution, options),
    hasHistoryLength: (execution, length, stop) =>
      hasHistoryLength(server, execution, length, stop),
    wholeHistory: (bytes) => wholeRead(WholeHistory.of(bytes)),
    findLeftByReset: (executions) => findLeftByReset(server, executions),
    resolveVersion: (version) => resolveVersion(server, version, scope),
    readVersions: (of) => readVersions(server, of),
    countClosed: (versions, taskQueues) => countClosed(server, versions, taskQueues),
    close: () => server.close(),
  };
}
