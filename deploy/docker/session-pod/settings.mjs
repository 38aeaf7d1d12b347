/** What the environment says. Throws an Error that names the variable, never its value. */
export function readSettings(env) {
  const podKey = env.PODKEEPER_POD_KEY || null;
  const incarnation = env.PODKEEPER_INCARNATION ? readInteger(env, 'PODKEEPER_INCARNATION') : null;
  if (podKey !== null) {
    for (const name of ['POD_UID', 'PODKEEPER_SESSION_KEY', 'PODKEEPER_INCARNATION']) {
      if (!env[name]) throw new Error(`${name} is missing: with PODKEEPER_POD_KEY the pod must know who it is.`);
    }
  }
  if (!env.SESSION_ID) throw new Error('SESSION_ID is missing: the id of the session this pod is for.');
  return {
    host: env.HOST || undefined,
    port: env.PORT ? readInteger(env, 'PORT') : 8080,
    sessionId: env.SESSION_ID,
    stateFile: env.STATE_FILE_PATH || null,
    tests: env.SESSION_TESTS === '1',
    podKey,
    podUid: env.POD_UID || null,
    sessionKey: env.PODKEEPER_SESSION_KEY || null,
    incarnation,
    exit: (code) => process.exit(code),
  };
}

function readInteger(env, name) {
  const value = /^\d+$/.test(env[name]) ? Number(env[name]) : NaN;
  if (!Number.isSafeInteger(value)) throw new Error(`${name} is not a whole number.`);
  return value;
}
