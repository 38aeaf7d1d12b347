import { leaseGrantMs } from '../../domain/sessions/idle/idle-decision.ts';
import type { SessionClass } from '../../domain/sessions/session-class.ts';
import type { Config } from '../config.ts';
import { ConfigError, type ConfigFault } from '../config/config-error.ts';
import { ClassesFileError } from './classes/classes-file-error.ts';
import { defaultClass, defaultClassName } from './classes/fill-class.ts';
import { readClasses } from './classes/read-classes.ts';
import { loadSigningKeys } from './load-signing-keys.ts';
import { sessionFaults } from './session-faults.ts';
import { type SigningKeys, SigningKeysError } from './signing-keys.ts';

/** What session workers and gateways need beside the plain settings. */
export interface SessionSettings {
  /** By name; `default` is always there. */
  readonly classes: ReadonlyMap<string, SessionClass>;
  readonly signingKeys: SigningKeys;
  /** What is probably not meant, for the log. */
  readonly warnings: readonly string[];
}

/** Reads the files the settings of sessions name. Throws one ConfigError that lists every fault of settings and files. */
export async function loadSessionSettings({ sessions }: Pick<Config, 'sessions'>): Promise<SessionSettings> {
  const faults: ConfigFault[] = [...sessionFaults(sessions)];
  const fromFile = await loadClasses(sessions, faults);
  const signingKeys = await loadKeys(sessions.signingKeysFile, faults);
  const written = fromFile.get(defaultClassName);
  const ofAll = written ?? defaultClass(sessions);
  const broken = faults.some(({ variable }) => variable === 'SESSION_CLASSES_FILE');
  if (ofAll.image === '' && !broken) {
    const message =
      'is not set, and requests that name no class need the class `default`. Set it to the image of your session pods, ' +
      'or write a class `default` with an image into the file SESSION_CLASSES_FILE names (docs/sessions.md).';
    faults.push({ variable: 'SESSION_POD_IMAGE', message: `SESSION_POD_IMAGE: ${message}` });
  }
  if (faults.length > 0 || signingKeys === undefined) throw new ConfigError(faults);
  const classes = new Map([[defaultClassName, ofAll], ...fromFile]);
  return { classes, signingKeys, warnings: warningsOf(sessions, classes) };
}

async function loadClasses(
  sessions: Config['sessions'],
  faults: ConfigFault[],
): Promise<ReadonlyMap<string, SessionClass>> {
  if (sessions.classesFile === '') return new Map();
  try {
    return await readClasses(sessions.classesFile, sessions);
  } catch (error) {
    if (!(error instanceof ClassesFileError)) throw error;
    faults.push({ variable: 'SESSION_CLASSES_FILE', message: error.message });
    return new Map();
  }
}

async function loadKeys(file: string, faults: ConfigFault[]): Promise<SigningKeys | undefined> {
  try {
    return await loadSigningKeys(file);
  } catch (error) {
    if (!(error instanceof SigningKeysError)) throw error;
    faults.push({ variable: 'SIGNING_KEYS_FILE', message: `SIGNING_KEYS_FILE: ${error.message}` });
    return undefined;
  }
}

function warningsOf(sessions: Config['sessions'], classes: ReadonlyMap<string, SessionClass>): readonly string[] {
  const leaseGrantSeconds = leaseGrantMs / 1000;
  const warnings: string[] = [];
  const image = classes.get(defaultClassName)?.image;
  if (sessions.image !== '' && sessions.image !== image) {
    warnings.push(
      `SESSION_POD_IMAGE is not used: the class default in ${sessions.classesFile} has an image of its own.`,
    );
  }
  for (const { name, idleTimeoutSeconds, maxLifetimeSeconds, drainSeconds } of classes.values()) {
    if (idleTimeoutSeconds >= maxLifetimeSeconds) {
      warnings.push(
        `The class ${name} ends after ${maxLifetimeSeconds} s (maxLifetimeSeconds) whatever it does; its idle time-out ` +
          `of ${idleTimeoutSeconds} s never counts.`,
      );
    }
    if (drainSeconds < leaseGrantSeconds) {
      warnings.push(
        `The class ${name} has drainSeconds: ${drainSeconds}; gateways may learn of a session's end up to ` +
          `${leaseGrantSeconds} s late, and what they begin meanwhile is cut. Give it ${leaseGrantSeconds} or more.`,
      );
    }
  }
  return warnings;
}
