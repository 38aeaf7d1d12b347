/** The session the demo's client asks for. */
export const demoSessionId = 'alice-1';
/** Where its pods are made. */
export const sessionsNamespace = 'demo-sessions';
/** Long enough to see that it is not removed early, short enough to wait for. */
export const idleTimeoutSeconds = 8;
