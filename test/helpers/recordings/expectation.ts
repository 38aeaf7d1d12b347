import { readFileSync } from 'node:fs';
import type { Cause, Finding, Health } from '../../../domain/pods/verdict/types.ts';
import { recordingsFolder } from './read-recording.ts';

/** `test/recordings/<scenario>.expected.json`: written by hand from what the scenario does, never by our code. */
export interface Expected {
  /** By role: what holds for each pod that plays it. */
  readonly pods: Readonly<Record<string, readonly Expectation[]>>;
}

export interface Expectation {
  /** What the engine is shown; `either` must come to the same with and without Events. */
  readonly knowing: 'pod' | 'pod and Events' | 'either';
  /** Looked at so long after the last change, instead of at it. */
  readonly laterSeconds?: number;
  /** The last verdict; what is absent is left open. */
  readonly final: { readonly health?: Health; readonly primary?: Cause | null; readonly incident?: boolean };
  /** Properties of the last verdict's first finding. */
  readonly primaryFinding?: Partial<Finding>;
  /** The primary causes of all incidents there ever are: each is seen, no other. */
  readonly incidents: readonly Cause[];
  /** Causes of which a finding is seen at some time. */
  readonly mustAppear: readonly Cause[];
  /** Causes of which no finding is seen at any time. */
  readonly mustNotAppear: readonly Cause[];
}

export function readExpected(scenario: string): Expected {
  return JSON.parse(readFileSync(`${recordingsFolder}/${scenario}.expected.json`, 'utf8')) as Expected;
}
