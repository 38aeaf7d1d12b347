/** https://man7.org/linux/man-pages/man7/signal.7.html, x86 and ARM numbers. */
const signalNames: readonly string[] = [
  '',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGUSR1',
  'SIGSEGV',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGSTKFLT',
  'SIGCHLD',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGPROF',
  'SIGWINCH',
  'SIGIO',
  'SIGPWR',
  'SIGSYS',
];

/** NTSTATUS values that containers on Windows end with. */
const windowsMeanings: Readonly<Partial<Record<string, string>>> = {
  '0xC0000005': 'access violation',
  '0xC000001D': 'illegal instruction',
  '0xC00000FD': 'stack overflow',
  '0xC0000135': 'a DLL was not found',
  '0xC0000139': 'a DLL entry point was not found',
  '0xC000013A': 'stopped by Ctrl+C',
  '0xC0000142': 'a DLL failed to initialise',
  '0xC0000374': 'heap corruption',
  '0xC0000409': 'stack buffer overrun or abort',
  '0xE0434352': 'unhandled .NET exception',
};

/** The signal's name for 1 to 31, as in `SIGSEGV`. */
function nameSignal(number: number): string | undefined {
  return number >= 1 && number <= 31 ? signalNames[number] : undefined;
}

/**
 * The signal an end tells of: `terminated.signal`, or an exit code of 128 + n with n from 1 to 31. Exit codes of Windows
 * are outside that range and never are signals.
 */
export function signalOf(record: { readonly exitCode: number; readonly signal?: number }): string | undefined {
  const bySignal = record.signal === undefined ? undefined : nameSignal(record.signal);
  return bySignal ?? nameSignal(record.exitCode - 128);
}

/** A code as people read it: `3`, or `0xC0000005 (access violation)` for the NTSTATUS values of Windows. */
export function sayExitCode(exitCode: number): string {
  const hex = hexOf(exitCode);
  if (hex === undefined) return String(exitCode);
  const meaning = Object.hasOwn(windowsMeanings, hex) ? windowsMeanings[hex] : undefined;
  return meaning === undefined ? hex : `${hex} (${meaning})`;
}

/** The code in hexadecimal when it is outside 0 to 255, as only Windows has them. */
export function hexOf(exitCode: number): string | undefined {
  if (exitCode >= 0 && exitCode <= 255) return undefined;
  return `0x${(exitCode >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}
