import type { ToolPaths } from '../../tools/tool.ts';
import type { EnvironmentOptions } from '../options.ts';

/** What `up` tells the supervisor over the channel between parent and child. */
export type SupervisorCommand =
  | {
      readonly type: 'start';
      readonly name: string;
      readonly folder: string;
      readonly options: EnvironmentOptions;
      readonly tools: ToolPaths;
    }
  /** From now on the environment outlives the process that asked for it. Without it, a lost channel means: stop. */
  | { readonly type: 'detach' };

/** What the supervisor tells `up`. */
export type SupervisorEvent =
  | { readonly type: 'progress'; readonly line: string }
  | { readonly type: 'ready' }
  | { readonly type: 'detached' }
  | { readonly type: 'failed'; readonly message: string };
