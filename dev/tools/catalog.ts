import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ToolName } from './tool.ts';

/** A Go module in this folder from which one or more tools are built together. */
export interface ToolModule {
  readonly name: 'temporal' | 'etcd' | 'kubernetes' | 'kwok';
  readonly version: string;
  /** The packages to build; the last part of each path names the program, unless `output` does. */
  readonly packages: readonly string[];
  readonly output?: string;
  readonly ldflags: string;
  /** From cold on two cores, for the message before the first build. */
  readonly buildMinutes: number;
}

/** What is known about a tool before it is found. */
export interface ToolFacts {
  /** null: not built, only found. */
  readonly module: ToolModule | null;
  /** Versions accepted from PATH: from the first, below the second. */
  readonly range: readonly [string, string];
  readonly versionArgs: readonly string[];
  readonly debianPackage?: string;
}

const kubernetesVersion = '1.35.8';

const temporal: ToolModule = {
  name: 'temporal',
  version: '1.8.2',
  packages: ['github.com/temporalio/cli/cmd/temporal'],
  ldflags: '-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=1.8.2',
  buildMinutes: 4,
};

const etcd: ToolModule = {
  name: 'etcd',
  version: '3.6.14',
  packages: ['go.etcd.io/etcd/server/v3'],
  output: 'etcd',
  ldflags: '-s -w',
  buildMinutes: 1,
};

const kubernetes: ToolModule = {
  name: 'kubernetes',
  version: kubernetesVersion,
  packages: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kubectl'].map(
    (program) => `k8s.io/kubernetes/cmd/${program}`,
  ),
  ldflags: kubernetesFlags(),
  buildMinutes: 5,
};

const kwok: ToolModule = {
  name: 'kwok',
  version: '0.8.0',
  packages: ['sigs.k8s.io/kwok/cmd/kwok'],
  ldflags: '-s -w',
  buildMinutes: 2,
};

/** Without these the programs call themselves v0.0.0 and refuse each other. */
function kubernetesFlags(): string {
  const [major = '', minor = ''] = kubernetesVersion.split('.');
  const values = [
    `gitVersion=v${kubernetesVersion}`,
    `gitMajor=${major}`,
    `gitMinor=${minor}`,
    'gitTreeState=clean',
    'gitCommit=local',
  ];
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  return ['-s -w', ...packages.flatMap((name) => values.map((value) => `-X ${name}.${value}`))].join(' ');
}

const kubernetesTool: ToolFacts = { module: kubernetes, range: ['1.35.0', '1.36.0'], versionArgs: ['--version'] };

/** Every tool. The etcd range starts where bookmarks of current API servers work: Debian's 3.4 breaks them. */
export const toolFacts: Readonly<Record<ToolName, ToolFacts>> = {
  temporal: { module: temporal, range: ['1.5.0', '2.0.0'], versionArgs: ['--version'] },
  etcd: { module: etcd, range: ['3.6.0', '3.7.0'], versionArgs: ['--version'] },
  'kube-apiserver': kubernetesTool,
  'kube-controller-manager': kubernetesTool,
  'kube-scheduler': kubernetesTool,
  kubelet: kubernetesTool,
  kubectl: { ...kubernetesTool, versionArgs: ['version', '--client'] },
  kwok: { module: kwok, range: ['0.8.0', '0.9.0'], versionArgs: ['--version'] },
  'redis-server': {
    module: null,
    range: ['6.2.0', '9.0.0'],
    versionArgs: ['--version'],
    debianPackage: 'redis-server',
  },
};

const toolsFolder = dirname(fileURLToPath(import.meta.url));

/** Where a wrapper module's go.mod and go.sum are. */
export function moduleFolder(name: ToolModule['name']): string {
  return join(toolsFolder, name);
}
