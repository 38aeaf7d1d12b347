// What the workers of session tests run.
export { session } from '../../../workflows/session.ts';
