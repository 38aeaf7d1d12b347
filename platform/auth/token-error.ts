/** Why a token was not accepted, as far as its sender may know. */
export type TokenFault = 'missing' | 'expired' | 'not-accepted';

/** A request's token can't be accepted. What exactly is wrong with it stays unsaid: it would help to forge one. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly fault: TokenFault;

  constructor(fault: TokenFault) {
    super(`token ${fault}`);
    this.fault = fault;
  }
}
