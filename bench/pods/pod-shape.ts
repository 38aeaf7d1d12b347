/** Which pod it is and how big. */
export interface PodShape {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly containers: number;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
}

export type Json = Readonly<Record<string, unknown>>;

/** RFC 3339 without fractions, as Kubernetes writes times, so many seconds after the pod was created. */
export function timeOf({ createdMs }: PodShape, second: number): string {
  return new Date(createdMs + second * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function containerNames({ containers }: PodShape): readonly string[] {
  return Array.from({ length: containers }, (_, index) => (index === 0 ? 'app' : `sidecar-${index}`));
}

export const image = 'images.example/shop/checkout-service:2.41.7';
