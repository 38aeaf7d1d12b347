/** What a token may do; in its `scope` claim, separated by spaces. */
export const scopes = {
  'events:write': 'send pod events',
  'runs:read': 'look at runs, pods, watches and replays',
  'workflows:write': 'start workflows',
  'replays:write': 'start replays of failed classifications',
  'watches:write': 'pause, resume, stop and reconfigure watches',
  'metrics:read': 'read the metrics',
} as const;

export type Scope = keyof typeof scopes;
