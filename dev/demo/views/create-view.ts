import { createJsonView } from './json-view.ts';
import { createLineView } from './line-view.ts';
import { createLiveView } from './live-view.ts';
import type { DemoPlace, DemoView } from './view.ts';

/** The view for where standard output leads: a table on a terminal, lines in a pipe, JSON when asked for. */
export function createView(output: 'table' | 'json', place: DemoPlace): DemoView {
  if (output === 'json') return createJsonView(process.stdout, place);
  return process.stdout.isTTY ? createLiveView(process.stdout) : createLineView(process.stdout);
}
