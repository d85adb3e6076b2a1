import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { checkHeaderValue } from './header-value.js';
import type { RawInputs } from './raw-inputs.js';
import type { CodecSettings } from '../model/settings.js';

/** Stands for the namespace in the endpoint's path, as in the Temporal CLI's `--codec-endpoint`. */
const NAMESPACE = '{namespace}';

/** @throws UserError where the endpoint is not usable, or the credential could reach somebody else */
export function codecSettings(inputs: RawInputs, namespace: string): CodecSettings | undefined {
  const endpoint = inputs['codec-endpoint'];
  const authorization = inputs['codec-auth'];
  if (endpoint === undefined) {
    if (authorization === undefined) return undefined;
    throw new UserError({
      found: 'Input codec-auth is set and codec-endpoint is not',
      expected: 'the endpoint that the credential is for',
      fix: 'set codec-endpoint, or remove codec-auth',
    });
  }
  if (authorization !== undefined) checkHeaderValue('Input codec-auth', authorization);
  return {
    url: decodeUrl(endpoint, namespace),
    namespace,
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function decodeUrl(endpoint: string, namespace: string): URL {
  const refuse = (why: string, fix: string): UserError =>
    new UserError({
      found: `Input codec-endpoint is "${shownEndpoint(endpoint)}", which ${why}`,
      expected: `https://host/path, where {namespace} in the path stands for the namespace`,
      fix,
    });
  // The namespace may come from a variable that an earlier step set: it must not choose the host.
  if (hostOf(endpoint).includes('{')) {
    throw refuse('holds {namespace} in the host', 'put {namespace} into the path');
  }
  if (!URL.canParse(endpoint)) {
    throw refuse('is no URL', 'write for example https://codec.example.com/{namespace}');
  }
  const url = new URL(endpoint.replaceAll(NAMESPACE, encodeURIComponent(namespace)));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw refuse(
      'is not encrypted',
      'write https://; http:// is for a codec on the same machine (localhost) only',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('holds a user name or a password', 'put the credential into codec-auth');
  }
  if (url.hash !== '') throw refuse('holds a fragment (#)', 'remove it');
  const path = url.pathname.replace(/\/+$/u, '');
  if (path.endsWith('/decode')) {
    throw refuse(
      'ends in /decode',
      'remove /decode: this action adds it, as the Temporal CLI does',
    );
  }
  url.pathname = `${path}/decode`;
  return url;
}

/** The endpoint without the parts that could hold a password or a key. */
function shownEndpoint(endpoint: string): string {
  const shown = endpoint.replace(/[?#].*$/su, '?…').replace(/\/\/[^/]*@/u, '//…@');
  return truncate(readable(shown), 200);
}

function hostOf(endpoint: string): string {
  return /^[a-z][a-z0-9+.-]*:[/\\]*([^/?#\\]*)/iu.exec(endpoint)?.[1] ?? '';
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/u.test(hostname);
}
