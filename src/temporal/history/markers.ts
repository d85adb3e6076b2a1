import type { IHistoryEvent } from './proto.js';

/** What a marker in history says, in one form for all SDKs: each SDK has names and details of its own. */
export type Marker =
  | {
      readonly kind: 'patch';
      /** The patch ID, or the change ID of a version. Empty where it cannot be read. */
      readonly id: string;
      /** True where the SDK accepts code that does not ask for this patch. */
      readonly optional: boolean;
      /** True for a version: the SDK never demands that code asks for it, so `optional` says nothing about it. */
      readonly isVersion?: true;
    }
  | {
      readonly kind: 'local-activity';
      /** Empty where the marker does not say. */
      readonly activityType: string;
      readonly activityId?: string;
      /** True where the SDK calls it again after a timer, so that another marker of the same call follows. */
      readonly isRetried?: true;
    }
  | { readonly kind: 'side-effect' }
  /** `id` is empty where the marker does not say. */
  | { readonly kind: 'mutable-side-effect'; readonly id: string }
  | { readonly kind: 'other' };

type Details = NonNullable<NonNullable<IHistoryEvent['markerRecordedEventAttributes']>['details']>;

/** @returns undefined for events that are no markers */
export function markerOf(event: IHistoryEvent): Marker | undefined {
  const attributes = event.markerRecordedEventAttributes;
  if (attributes == null) return undefined;
  const details = attributes.details ?? {};
  switch (attributes.markerName ?? '') {
    case 'core_patch':
      return { kind: 'patch', ...corePatch(details) };
    case 'core_local_activity': {
      const data = jsonIn(details, 'data');
      // Here the code calls it again itself, as a call of its own.
      return localActivity(textIn(data, 'activity_type'), textIn(data, 'activity_id'));
    }
    // Go and Java write it, each with details of its own. Both accept code that no longer asks for a version
    // in history.
    case 'Version': {
      const id = jsonIn(details, 'change-id') ?? jsonIn(details, 'changeId');
      return { kind: 'patch', id: asText(id), optional: true, isVersion: true };
    }
    case 'LocalActivity':
      return details['type'] === undefined ? goLocalActivity(details) : javaLocalActivity(details);
    case 'SideEffect':
      return { kind: 'side-effect' };
    // Go writes the ID beside the value, because the marker's own ID has a number in it.
    case 'MutableSideEffect':
      return {
        kind: 'mutable-side-effect',
        id: asText(jsonIn(details, 'id') ?? jsonIn(details, 'data')),
      };
    default:
      return { kind: 'other' };
  }
}

function goLocalActivity(details: Details): Marker {
  const data = jsonIn(details, 'data');
  const backoff = isObject(data) ? data['Backoff'] : undefined;
  return localActivity(
    textIn(data, 'ActivityType'),
    textIn(data, 'ActivityID'),
    typeof backoff === 'number' && backoff > 0,
  );
}

function javaLocalActivity(details: Details): Marker {
  const meta = jsonIn(details, 'meta');
  return localActivity(
    asText(jsonIn(details, 'type')),
    asText(jsonIn(details, 'activityId')),
    isObject(meta) && typeof meta['backoff'] === 'number',
  );
}

function localActivity(activityType: string, activityId: string, isRetried = false): Marker {
  return {
    kind: 'local-activity',
    activityType,
    ...(activityId === '' ? {} : { activityId }),
    ...(isRetried ? { isRetried } : {}),
  };
}

/** A patch marker of SDKs that share a core. It is one JSON object; early releases wrote each field by itself. */
function corePatch(details: Details): { id: string; optional: boolean } {
  const id = bytesIn(details, 'patch_id').toString('utf8');
  if (id !== '') return { id, optional: bytesIn(details, 'deprecated').includes(1) };
  const patch = jsonIn(details, 'patch-data');
  return {
    id: textIn(patch, 'id'),
    optional: isObject(patch) && patch['deprecated'] === true,
  };
}

function bytesIn(details: Details, name: string): Buffer {
  return Buffer.from(details[name]?.payloads?.[0]?.data ?? []);
}

/** Undefined where the details cannot be read. The marker still counts at its place. */
function jsonIn(details: Details, name: string): unknown {
  try {
    return JSON.parse(bytesIn(details, name).toString('utf8'));
  } catch {
    return undefined;
  }
}

function textIn(value: unknown, name: string): string {
  return isObject(value) ? asText(value[name]) : '';
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
