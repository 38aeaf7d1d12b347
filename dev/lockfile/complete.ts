/** The part of package-lock.json looked at here. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The entries of other platforms' packages that a lockfile lacks: npm leaves them out when the registry it was written
 * with does not have them, and `npm ci` then refuses the whole lockfile. Exact versions only: a range can't be guessed.
 */
export function missingPlatforms({ packages }: Lockfile): Record<string, LockedPackage> {
  const missing: Record<string, LockedPackage> = {};
  for (const [path, { optionalDependencies = {}, dev, license = 'MIT' }] of Object.entries(packages)) {
    if (path === '') continue;
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const entry = `node_modules/${name}`;
      if (entry in packages || `${path}/${entry}` in packages || !/^\d/.test(version)) continue;
      const cpu = /arm64|x64|ia32|arm|ppc64|riscv64|s390x|loong64/.exec(name)?.[0] ?? 'x64';
      const os = /darwin|win32|freebsd|android|openharmony/.exec(name)?.[0] ?? 'linux';
      missing[entry] = { version, cpu: [cpu], ...(dev === true && { dev }), license, optional: true, os: [os] };
    }
  }
  return missing;
}
