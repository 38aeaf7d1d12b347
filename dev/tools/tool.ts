/** The programs the local environment runs. */
export const toolNames = [
  'temporal',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kubectl',
  'kwok',
  'redis-server',
] as const;

export type ToolName = (typeof toolNames)[number];

/** Where each resolved program is. */
export type ToolPaths = Readonly<Partial<Record<ToolName, string>>>;

/** The path of a tool that must have been resolved. */
export function requireTool(paths: ToolPaths, name: ToolName): string {
  const path = paths[name];
  if (path === undefined) throw new Error(`The program ${name} was not looked for before it was needed.`);
  return path;
}
