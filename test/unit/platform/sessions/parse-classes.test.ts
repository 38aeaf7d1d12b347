import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../../platform/config.ts';
import { ClassesFileError } from '../../../../platform/sessions/classes/classes-file-error.ts';
import { parseClasses } from '../../../../platform/sessions/classes/read-classes.ts';

const settings = loadConfig({ TEMPORAL_CONFIG_FILE: '/nonexistent' }).sessions;
const parse = (text: string) => parseClasses(text, { source: 'session-classes.yaml', settings });

/** What is wrong with a text, a line each: `4:9 classes.a.port is 0, …`. */
function faultsOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ClassesFileError);
    return (error as ClassesFileError).faults.map(({ line, column, path, message }) =>
      `${line}:${column} ${path} ${message}`.replace('  ', ' '),
    );
  }
  return [];
}

/** What is wrong with one key of a class, without its place. */
const faultOf = (key: string) =>
  faultsOf(`version: 1\nclasses:\n  a:\n    image: b\n    ${key}\n`)
    .map((fault) => fault.replace(/^5:\d+ classes\.a\./, ''))
    .join('; ');

describe('a file of session classes', () => {
  it('is told all its faults at once, each with its place and what to do', () => {
    const text = [
      'version: 2',
      'classes:',
      '  Big One: { image: a }',
      '  a:',
      '    imgae: b',
      '    port: 0',
      '    warmPool: { min: 1 }',
      '    env:',
      '      DEBUG: 1',
      '      SESSION_ID: mine',
      '    resources:',
      '      limit: {}',
      '      requests: { cpu: lots }',
      '    tolerations:',
      '      - { key: gpu, efect: NoSchedule }',
      'clases: {}',
    ];
    expect(faultsOf(text.join('\n'))).toEqual([
      '1:10 version is 2, but has to be 1',
      '3:3 classes.Big One is no name of a class: use a-z, 0-9 and "-", at most 63 characters',
      '5:5 classes.a.imgae there is no such key here; did you mean image?',
      '6:11 classes.a.port is 0, but has to be a whole number from 1 to 65535',
      '7:5 classes.a.warmPool there is no such key here',
      '9:14 classes.a.env.DEBUG is not a text but a number; put it in quotes',
      '10:7 classes.a.env.SESSION_ID is set by Podkeeper; take another name',
      '12:7 classes.a.resources.limit there is no such key here; did you mean limits?',
      '13:24 classes.a.resources.requests.cpu is "lots", which is no quantity; write it as Kubernetes does, such as 500m or 2 for CPU, 512Mi for memory',
      '15:21 classes.a.tolerations[0].efect there is no such key here; did you mean effect?',
      '16:1 clases there is no such key here; did you mean classes?',
    ]);
  });

  it.each([
    ['port: "8080"', 'port is "8080", but has to be a number'],
    ['holdSeconds: 1.5', 'holdSeconds is 1.5, but has to be a whole number from 1 to 120'],
    ['probePath: healthz', 'probePath has to begin with "/"'],
    ['busyPath: "/a b"', 'busyPath has to begin with "/" and be without white space'],
    ['identity: natve', 'identity "natve" is unknown; did you mean native?'],
    ['openSocketIsActive: "no"', 'openSocketIsActive is "no", but has to be true or false'],
    ['env: { 1X: a }', 'env.1X is no name of a variable'],
    ['env: { PODKEEPER_X: a }', 'env.PODKEEPER_X is set by Podkeeper'],
    ['nodeSelector: { "a b": c }', "nodeSelector.a b is no label's key"],
    ['tolerations: [{ effect: NoSchedule }]', 'tolerations[0] has no key; that needs "operator: Exists"'],
    ['tolerations: [{ key: a, operator: Exists, value: b }]', 'tolerations[0] has "operator: Exists" and a value'],
    ['tolerations: [{ key: a, tolerationSeconds: 5 }]', 'tolerations[0] has tolerationSeconds without'],
    ['resources: { requests: { cpus: 1 } }', 'resources.requests.cpus is no resource; there are cpu, memory'],
    ['resources: { requests: { memory: 1Gi } }', 'resources ask for more memory (1Gi) than they allow (512Mi)'],
    ['idleTimeoutSeconds: ', 'idleTimeoutSeconds is empty; it has to be a number'],
  ])('refuses %s', (key, message) => {
    expect(faultOf(key)).toContain(message);
  });

  it('refuses a class without an image', () => {
    expect(faultsOf('version: 1\nclasses:\n  a: { port: 80 }')).toEqual([
      '3:6 classes.a.image is missing; it has to be the image of its pods',
    ]);
  });

  it('says what an empty file needs', () => {
    expect(faultsOf('')).toEqual(['0:0 the file is empty; the least is "version: 1" and "classes: {}"']);
    expect(faultsOf('version: 1')).toEqual(['1:1 classes is missing; it has to be a mapping (key: value)']);
  });

  it('takes 50 classes and no more', () => {
    const text = (count: number) =>
      `version: 1\nclasses:\n${Array.from({ length: count }, (_, index) => `  c${index}: { image: a }\n`).join('')}`;
    expect(parse(text(50)).size).toBe(50);
    expect(faultsOf(text(51))).toEqual(['3:3 classes has more than 50 classes']);
  });

  it('takes every key there is', () => {
    const text = [
      'version: 1',
      'classes:',
      '  a:',
      '    image: registry.example:5000/team/agent@sha256:0123456789abcdef',
      '    port: 3000',
      '    resources: { requests: { cpu: 0.5, memory: 1Gi }, limits: { cpu: "1", memory: 1Gi } }',
      '    env: { A: b }',
      '    probePath: /up?deep=1',
      '    idleTimeoutSeconds: 1',
      '    maxLifetimeSeconds: 60',
      '    holdSeconds: 120',
      '    drainSeconds: 0',
      '    bodyLimitBytes: 1',
      '    identity: none',
      '    openSocketIsActive: false',
      '    busyPath: null',
      '    nodeSelector: { kubernetes.io/arch: amd64 }',
      '    tolerations: [{ operator: Exists, effect: NoExecute, tolerationSeconds: 5 }]',
    ].join('\n');
    expect(parse(text).get('a')).toMatchObject({ port: 3000, busyPath: null, resources: { limits: { cpu: '1' } } });
  });
});
