/** In milliseconds; specs of sessions, section 5. */
export interface TunnelTimes {
  /** Until the pod has answered the upgrade. */
  readonly firstByteMs: number;
  /** Without a frame of data, where an open socket counts as activity. */
  readonly idleMs: number;
  /** A WebSocket in all, where an open socket counts as activity. */
  readonly lifeMs: number;
  /** Between two reports of data, where only data counts as activity. */
  readonly touchMs: number;
  /** How long a frame may take to end, and a side to answer a close frame. */
  readonly closeWaitMs: number;
  /** A pod's refusal without a byte. */
  readonly silenceMs: number;
}

export const standardTimes: TunnelTimes = {
  firstByteMs: 60_000,
  idleMs: 3_600_000,
  lifeMs: 86_400_000,
  touchMs: 1000,
  closeWaitMs: 5000,
  silenceMs: 300_000,
};
