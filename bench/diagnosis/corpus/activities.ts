/**
 * The activities of all workflows of the corpus. Each answers at once and with the same for the same, so
 * that two runs of one scenario leave the same commands.
 */
export function audit(what: string): Promise<string> {
  return Promise.resolve(`audited ${what}`);
}

export function reserve(what: string): Promise<string> {
  return Promise.resolve(`reservation of ${what}`);
}

export function release(what: string): Promise<string> {
  return Promise.resolve(`released ${what}`);
}

export function charge(what: string): Promise<string> {
  return Promise.resolve(`charged ${what}`);
}

export function refund(what: string): Promise<string> {
  return Promise.resolve(`refunded ${what}`);
}

export function ship(what: string): Promise<string> {
  return Promise.resolve(`shipped ${what}`);
}

export function notify(what: string): Promise<string> {
  return Promise.resolve(`told ${what}`);
}

export function store(what: string): Promise<string> {
  return Promise.resolve(`stored ${what}`);
}

export function count(what: string): Promise<number> {
  return Promise.resolve(what.length);
}

export function checkFraud(what: string): Promise<boolean> {
  return Promise.resolve(what === '');
}

export function format(what: string): Promise<string> {
  return Promise.resolve(`formatted ${what}`);
}

export function refuse(what: string): Promise<string> {
  return Promise.reject(new Error(`refused ${what}`));
}
