import type { ConnectOptions, Engine, HistoryServer, ServerSource } from '../engine/engine.js';
import { HistoryDecoder } from './codec/history-decoder.js';
import { RemoteCodec } from './codec/remote-codec.js';
import { Server } from './connection.js';
import { explainNoMatch } from './explain-no-match.js';
import { findLeftByReset } from './find-left-by-reset.js';
import { hasHistoryLength } from './has-history-length.js';
import { HistoryFiles } from './history-files.js';
import { WholeHistory } from './history/whole-history.js';
import { listExecutions, listGroups } from './list-executions.js';
import { readHistory, wholeRead } from './read-history.js';
import { temporalReader } from './reader.js';
import { resolveTarget, type Scope } from './resolve-target.js';
import { serverIdentity } from './server-identity.js';

export const temporal: Engine = {
  reader: temporalReader,
  connect: async (source: ServerSource, options: ConnectOptions) =>
    temporalServer(await Server.connect(source.connection(), options), source),
  openFiles: () => new HistoryFiles(),
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
    listExecutions: async (target) => {
      if (target.kind === 'history-files') throw new Error('this target is not on a server');
      return target.kind === 'worker-deployment'
        ? listGroups(server, target.groups)
        : listExecutions(server, target.query);
    },
    explainNoMatch: (target) => explainNoMatch(server, target, scope),
    readHistory: (execution, options) => readHistory(server, execution, options),
    hasHistoryLength: (execution, length, stop) =>
      hasHistoryLength(server, execution, length, stop),
    wholeHistory: (bytes) => wholeRead(WholeHistory.of(bytes)),
    findLeftByReset: (executions) => findLeftByReset(server, executions),
    close: () => server.close(),
  };
}
