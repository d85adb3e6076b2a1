import type { ClaimPosition } from './claim.js';
import type { DriftPolicy } from './drift.js';
import type { EngineName } from './engine-name.js';
import type { IsolationRung } from './isolation.js';
import type { ChosenLanguage } from './language.js';

/** How the workers of the executions are versioned. This says where to look up a build ID. */
export const VERSIONINGS = [
  'auto',
  'version-set',
  'worker-deployment',
  'build-id',
  'none',
] as const;

export type Versioning = (typeof VERSIONINGS)[number];

/** How closed executions, missing claims and executions with nothing to replay are judged. */
export interface Policy {
  readonly closed: 'predict' | 'fail' | 'ignore';
  /** Over which time before the check `predict` averages, in milliseconds. */
  readonly closedWindowMs: number;
  readonly onNoClaim: 'pass' | 'fail' | 'check' | 'advise';
  /** `pass`: another job may know the build ID. */
  readonly onUnknownBuild: 'fail' | 'pass';
  /** Undefined: `fail` for a title's claim, else `warn`. */
  readonly onNoHistories: 'fail' | 'warn' | 'pass' | undefined;
  readonly drift: DriftPolicy;
}

/** How to reach the server. Certificates are PEM texts, already read and checked against each other. */
export interface ConnectionSettings {
  readonly address: string;
  readonly namespace: string;
  /** Absent: plain text. */
  readonly tls?: TlsSettings;
  /** Sent as `Authorization: Bearer …` with every request. */
  readonly apiKey?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface TlsSettings {
  readonly serverName?: string;
  readonly serverCaCertificate?: string;
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
}

/** A remote codec, which decodes payloads before they are replayed. */
export interface CodecSettings {
  /** The URL to which payloads are sent, complete with `/decode` and the namespace. */
  readonly url: URL;
  readonly namespace: string;
  /** Value of the header `Authorization`. */
  readonly authorization?: string;
}

/** Where histories come from. */
export type HistorySource =
  | {
      readonly kind: 'server';
      /**
       * Reads certificates and configuration files at its first call: a title without a claim needs no
       * server, and must not fail because of one. @throws UserError
       */
      readonly connection: () => ConnectionSettings;
      /** Empty: the task queues that the server reports for the build ID. */
      readonly taskQueues: readonly string[];
      readonly versioning: Versioning;
      /** Undefined: the deployment that holds the build ID. */
      readonly deploymentName: string | undefined;
      readonly query: string | undefined;
    }
  /** `pattern` is a glob or a folder, relative to the workspace. `passphrase` opens sealed files. */
  | {
      readonly kind: 'files';
      readonly pattern: string;
      readonly namespace: string;
      readonly passphrase?: string;
    };

/** How to replay. */
export interface ReplayerSettings {
  /** The workspace tells it where the input does not. @throws UserError where neither tells */
  readonly language: () => ChosenLanguage;
  /** Absolute path of the application. */
  readonly workingDirectory: string;
  /** Where the workflows are, as the input says; undefined: the language's usual places. */
  readonly workflows: string | undefined;
  /**
   * Options for the replay worker: for TypeScript the absolute path of the module that exports them, for
   * another language the input's text.
   */
  readonly replayOptions: string | undefined;
  /**
   * The variables that `replay-env` names. The replay process sees them besides those that every program
   * needs. The first call checks their values. @throws UserError
   */
  readonly variables: () => Readonly<Record<string, string>>;
  /** What separates the replay process from this one. */
  readonly isolation: IsolationRung | 'auto';
}

export interface Budget {
  /** At most this many histories are replayed. */
  readonly maxHistories: number;
  /** At most this many histories are read, to choose the replayed ones from. */
  readonly maxReads: number;
  readonly timeBudgetMs: number;
  readonly historyTimeoutMs: number;
  readonly select: 'coverage' | 'newest' | 'all';
  readonly replayConcurrency: number;
  readonly fetchConcurrency: number;
  /** Undefined: no cap. */
  readonly maxRequestsPerSecond: number | undefined;
}

/** The store of histories that earlier runs have read. */
export interface HistoryCacheSettings {
  /** Absolute path, outside of the checkout. */
  readonly folder: string;
  readonly passphrase: string;
}

export interface Reporting {
  /** Undefined: `hash` in public repositories, else `true`. */
  readonly showWorkflowIds: 'true' | 'hash' | 'false' | undefined;
  /** Root of the Temporal UI, without a slash at its end; undefined: that of Temporal Cloud, for servers there. */
  readonly uiUrl: string | undefined;
  /** When the report is a comment at the pull request too. */
  readonly comment: 'never' | 'on-failure' | 'always';
  /** Whether proven fixes are review suggestions too. */
  readonly suggest: boolean;
  /** Absolute paths to write; the suffix decides the format. */
  readonly reports: readonly string[];
}

/** Every input, checked. Nothing past this point reads an input or an environment variable. */
export interface Settings {
  readonly engine: EngineName;
  readonly title: string | undefined;
  /** Takes the place of the title's claim. */
  readonly buildId: string | undefined;
  /** Whether a pull request from a fork that claims nothing is not checked, for want of a credential. */
  readonly passesUnclaimedForks: boolean;
  readonly claimPosition: ClaimPosition;
  /** Whether claims for all live versions are tried too. */
  readonly advice: boolean;
  readonly githubToken: string | undefined;
  /** Absolute path of the repository's checkout; annotations are relative to it. */
  readonly workspace: string;
  readonly source: HistorySource;
  /** Read at its first call, like `connection`. Undefined: payloads stay as they are. */
  readonly codec: () => CodecSettings | undefined;
  /** Read at its first call, like `connection`. Undefined: nothing is kept. */
  readonly historyCache: () => HistoryCacheSettings | undefined;
  readonly replayer: ReplayerSettings;
  /** The second checkout, as the input names it. It is opened only when there is something to check. */
  readonly baselineDirectory: string | undefined;
  readonly budget: Budget;
  readonly policy: Policy;
  readonly reporting: Reporting;
}
