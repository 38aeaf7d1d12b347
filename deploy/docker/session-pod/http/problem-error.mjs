/** A request that can't be served, as its client is told. */
export class ProblemError extends Error {
  constructor({ status, code, detail, headers = {} }) {
    super(detail);
    this.problem = { status, code, detail, headers };
  }
}
