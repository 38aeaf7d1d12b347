/** How one server of the environment is started, and how one knows that it serves. */
export interface ServerSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves to true once the server serves. Asked again and again; a throw counts as "not yet". */
  readonly isReady: () => Promise<boolean>;
  readonly readyTimeoutSeconds: number;
}
