import { createHash } from 'node:crypto';
import type { TarEntry } from './tar.ts';
import { writeTar } from './tar.ts';

const imageFolders = ['bin', 'tmp', 'etc', 'proc', 'sys', 'dev'];

const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** This machine's architecture as images name it. */
export function goArchitecture(): string {
  return goArchitectures[process.arch] ?? process.arch;
}

/**
 * Makes a one-layer image as an OCI image layout in a tar archive, which `ctr images import` takes.
 * Source: github.com/opencontainers/image-spec, image-layout.md.
 */
export function createOciImage(input: {
  readonly name: string;
  readonly architecture: string;
  readonly command: readonly string[];
  readonly entries: readonly TarEntry[];
}): Buffer {
  const folders = imageFolders.map((path): TarEntry => ({
    type: 'folder',
    path,
    mode: path === 'tmp' ? 0o1777 : 0o755,
  }));
  const layer = blob(writeTar([...folders, ...input.entries]));
  const config = jsonBlob({
    architecture: input.architecture,
    os: 'linux',
    config: { Cmd: input.command, Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  });
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest),
        annotations: {
          'io.containerd.image.name': input.name,
          'org.opencontainers.image.ref.name': input.name.split(':').at(-1),
        },
      },
    ],
  };
  return writeTar([
    file('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')),
    file('index.json', Buffer.from(JSON.stringify(index))),
    ...[layer, config, manifest].map(({ digest, content }) => file(`blobs/${digest.replace(':', '/')}`, content)),
  ]);
}

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

function blob(content: Buffer): Blob {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, content };
}

function jsonBlob(value: unknown): Blob {
  return blob(Buffer.from(JSON.stringify(value)));
}

function descriptor(mediaType: string, { digest, content }: Blob) {
  return { mediaType, digest, size: content.length };
}

function file(path: string, content: Buffer): TarEntry {
  return { type: 'file', path, content, mode: 0o644 };
}
