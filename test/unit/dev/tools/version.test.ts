import { describe, expect, it } from '@jest/globals';
import { compareVersions, findVersion, isInRange } from '../../../../dev/tools/version.ts';

describe('the version of a tool', () => {
  it.each([
    ['Kubernetes v1.35.8', '1.35.8'],
    ['Client Version: v1.35.8\nKustomize Version: v5.7.1', '1.35.8'],
    ['etcd Version: 3.6.14\nGit SHA: Not provided', '3.6.14'],
    ['temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)', '1.8.2'],
    ['Redis server v=7.0.15 sha=00000000:0', '7.0.15'],
    ['kwok version v0.8.0 go1.26.8 (linux/amd64)', '0.8.0'],
    ['go version go1.26.8 linux/amd64', '1.26.8'],
  ])('is read from "%s"', (output, version) => {
    expect(findVersion(output)).toBe(version);
  });

  it('is unknown when the output holds none', () => {
    expect(findVersion('command not found')).toBeNull();
  });

  it('is compared by number, not by text', () => {
    expect(compareVersions('1.9.0', '1.10.0')).toBeLessThan(0);
    expect(compareVersions('1.10.0', '1.10.0')).toBe(0);
    expect(compareVersions('2.0.0', '1.99.99')).toBeGreaterThan(0);
  });

  it('is in a range from its first version on and below its second', () => {
    const range = ['3.6.0', '3.7.0'] as const;
    expect(isInRange('3.6.0', range)).toBe(true);
    expect(isInRange('3.6.99', range)).toBe(true);
    expect(isInRange('3.7.0', range)).toBe(false);
    expect(isInRange('3.4.23', range)).toBe(false);
  });
});
