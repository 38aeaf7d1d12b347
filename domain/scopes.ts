/** What a token may do; in its `scope` claim, separated by spaces. */
export const scopes = {
  'events:write': 'send pod events; what they say of a pod is believed',
  'runs:read': 'look at runs, pods, watches and replays',
  'workflows:write': 'start the runs of pods by hand',
  'replays:write': 'start and cancel replays of failed classifications',
  'watches:write': 'start, pause, resume, stop and reconfigure watches',
  'sessions:admin': 'list, show and end the sessions of everybody',
  'metrics:read': 'read the metrics',
} as const;

export type Scope = keyof typeof scopes;
