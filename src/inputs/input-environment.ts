import type { InputName } from './raw-inputs.js';

/** Where inputs come from, and what surrounds them. */
export interface InputEnvironment {
  readonly read: (name: InputName) => string | undefined;
  readonly variables: NodeJS.ProcessEnv;
  /** Absolute path of the checkout. */
  readonly workspace: string;
  readonly now: Date;
  /** Only in a terminal, where variables and files are the person's own. */
  readonly terminal?: { readonly profile: string | undefined };
}
