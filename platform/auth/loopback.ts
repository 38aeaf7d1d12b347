import { isIPv4 } from 'node:net';

/** Whether only this machine can reach what listens on `host`: 127.0.0.0/8, ::1 or localhost. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/** The same for a Host header: `localhost:8080`, `[::1]:8080`. */
export function isLoopbackHostHeader(header: string | undefined): boolean {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return isLoopbackHost(bracketed ?? plain ?? '');
}
