import type { ClaimPosition } from './claim.js';
import type { DriftPolicy } from './drift.js';
import type { EngineName } from './engine-name.js';
import type { IsolationRung } from './isolation.js';
import type { ChosenLanguage } from './language.js';

/** How the workers of the executions are versioned, which says where to look a build ID up. */
export const VERSIONINGS = [
  'auto',
  'version-set',
  'worker-deployment',
  'build-id',
  'none',
] as const;

export type Versioning = (typeof VERSIONINGS)[number];

/** How executions without anything to replay, and closed ones, and missing claims are judged. */
export interface Policy {
  readonly closed: 'predict' | 'fail' | 'ignore';
  readonly onNoClaim: 'pass' | 'fail' | 'check' | 'advise';
  /** Undefined: `fail` for a title's claim, else `warn`. */
  readonly onNoHistories: 'fail' | 'warn' | 'pass' | undefined;
  readonly drift: DriftPolicy;
}

/** How to reach the server. Certificates are PEM texts, already read and checked against each other. */
export interface ConnectionSettings {
  readonly address: string;
  readonly namespace: string;
  /** Without it, plain text. */
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
  /** Where payloads are sent, with `/decode` and the namespace in place. */
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
       * Reads certificates and configuration files when it is first called: a title without a claim
       * needs no server, and must not fail because of one. @throws UserError
       */
      readonly connection: () => ConnectionSettings;
      /** Empty: those that the server reports for the build ID. */
      readonly taskQueues: readonly string[];
      readonly versioning: Versioning;
      /** Undefined: the one that holds the build ID. */
      readonly deploymentName: string | undefined;
      readonly query: string | undefined;
    }
  /** A glob, relative to the workspace. */
  | { readonly kind: 'files'; readonly pattern: string; readonly namespace: string };

/** What is replayed with. */
export interface ReplayerSettings {
  /** Told from the workspace where the input does not name it. @throws UserError where it cannot be told */
  readonly language: () => ChosenLanguage;
  /** Absolute path of the application. */
  readonly workingDirectory: string;
  /** The user's word for where the workflows are; undefined: the language's usual places. */
  readonly workflows: string | undefined;
  /**
   * Options for the replay worker: for TypeScript the absolute path of the module that exports them, for
   * another language what the user wrote.
   */
  readonly replayOptions: string | undefined;
  /**
   * The variables that `replay-env` names, which the replay process sees besides those that every
   * program needs. Their values are looked at when it is first called. @throws UserError
   */
  readonly variables: () => Readonly<Record<string, string>>;
  /** What stands between it and this process. */
  readonly isolation: IsolationRung | 'auto';
}

export interface Budget {
  /** At most this many histories are replayed. */
  readonly maxHistories: number;
  /** At most this many are read, to choose those from. */
  readonly maxReads: number;
  readonly timeBudgetMs: number;
  readonly historyTimeoutMs: number;
  readonly select: 'coverage' | 'newest' | 'all';
  readonly replayConcurrency: number;
  readonly fetchConcurrency: number;
  /** Undefined: no cap. */
  readonly maxRequestsPerSecond: number | undefined;
}

/** Where histories that earlier runs read are kept. */
export interface HistoryCacheSettings {
  /** Absolute path, outside of the checkout. */
  readonly folder: string;
  readonly passphrase: string;
}

export interface Reporting {
  /** Undefined: `hash` in public repositories, else `true`. */
  readonly showWorkflowIds: 'true' | 'hash' | 'false' | undefined;
  /** Absolute paths to write; the format goes by the suffix. */
  readonly reports: readonly string[];
}

/** Every input, checked. Nothing past this point reads an input or an environment variable. */
export interface Settings {
  readonly engine: EngineName;
  readonly title: string | undefined;
  /** Claimed instead of what the title says. */
  readonly buildId: string | undefined;
  readonly claimPosition: ClaimPosition;
  readonly githubToken: string | undefined;
  /** Absolute path of the repository's checkout; annotations are relative to it. */
  readonly workspace: string;
  readonly source: HistorySource;
  /** As `connection`, read when it is first called; undefined: payloads stay as they are. */
  readonly codec: () => CodecSettings | undefined;
  /** As `connection`, read when it is first called; undefined: nothing is kept. */
  readonly historyCache: () => HistoryCacheSettings | undefined;
  readonly replayer: ReplayerSettings;
  /** The second checkout as the input names it; looked at only when there is something to check. */
  readonly baselineDirectory: string | undefined;
  readonly budget: Budget;
  readonly policy: Policy;
  readonly reporting: Reporting;
}
