/** One JSON object a line on stdout. Nothing secret and no session id may be given to it. */
export function log(event, fields = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}
