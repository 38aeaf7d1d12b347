import { describe, expect, it } from '@jest/globals';
import { parseRules } from '../../../../platform/rules/read-rules.ts';
import { RulesFileError } from '../../../../platform/rules/rules-file-error.ts';

/** What is wrong with a text, a line each: `4:9 rules[0].name is missing`. */
function faultsOf(text: string): string[] {
  try {
    parseRules(text, 'rules.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(RulesFileError);
    return (error as RulesFileError).faults.map(({ line, column, path, message }) =>
      `${line}:${column} ${path} ${message}`.replace('  ', ' '),
    );
  }
  return [];
}

/** A file with one rule that has this in `match` and `set`, each on a line of its own (4 and 5). */
const oneRule = (match: string, set = '{ team: x }') =>
  `version: 1\nrules:\n  - name: one\n    match: ${match}\n    set: ${set}\n`;

describe('the version of rules', () => {
  const text = oneRule('{ namespaces: [a], labels: { b: c, d: e } }');
  const version = (of: string) => parseRules(of, 'rules.yaml').version;

  it('is 12 hexadecimal digits of what they say', () => {
    expect(version(text)).toMatch(/^[0-9a-f]{12}$/);
    expect(parseRules(text, 'rules.yaml').count).toBe(1);
  });

  it('stays with comments, spacing, order of keys and aliases', () => {
    const same = [
      `# a comment\n${text}`,
      'rules:\n- match:\n    labels: {d: e, b: "c"}\n    namespaces:\n    - a\n  set:\n    team: "x"\n  name: one\nversion: 1',
      JSON.stringify({
        version: 1,
        rules: [{ name: 'one', set: { team: 'x' }, match: { labels: { d: 'e', b: 'c' }, namespaces: ['a'] } }],
      }),
      text.replace('[a]', '[&a a]').replace('one', '&one one'),
    ];
    for (const other of same) expect(version(other)).toBe(version(text));
  });

  it('changes with what they say', () => {
    expect(version(oneRule('{ namespaces: [b] }'))).not.toBe(version(text));
    expect(version(text.replace('one', 'two'))).not.toBe(version(text));
  });
});

describe('a rules file with faults', () => {
  it('is told all of them at once, each with its place and what to do', () => {
    const text = [
      'rules:',
      '  - name: One Rule',
      '    match:',
      '    set: {}',
      '  - name: two',
      '    match:',
      '      namespace: [prod]',
      '      namespaces: ["prod[0-9]", ""]',
      '      labels: { app: 1, "a b": c }',
      '      owner: web',
      '      image: "(a"',
      '      causes: [OOMKill, Bananas]',
      '    set:',
      '      severity: hihg',
      '      ignore: false',
      '      tags: ["two words", "${labels.a", incident, team:x]',
      '      team: ${who}',
      '  - name: two',
      '    match: {}',
      '    set: { team: 5 }',
    ].join('\n');
    expect(faultsOf(text)).toEqual([
      '1:1 version is missing; it has to be 1',
      '2:11 rules[0].name is no name: use a-z, 0-9 and "-", at most 63 characters',
      '3:11 rules[0].match is empty; it has to be a mapping (key: value), {} for every pod',
      '4:10 rules[0].set does nothing; give it tags, severity, ignore or team',
      '7:7 rules[1].match.namespace there is no such key here; did you mean namespaces?',
      expect.stringContaining('8:20 rules[1].match.namespaces[0] "prod[0-9]" fits no namespace'),
      expect.stringContaining('8:33 rules[1].match.namespaces[1] "" fits no namespace'),
      '9:22 rules[1].match.labels.app is not a text but a number; put it in quotes',
      "9:25 rules[1].match.labels.a b is no label's key",
      '10:14 rules[1].match.owner "web" is no owner; write <kind>/<name>, such as Job/* or StatefulSet/db',
      '11:14 rules[1].match.image is no RE2 pattern: missing closing ): `(a`',
      '12:16 rules[1].match.causes[0] "OOMKill" is unknown; did you mean OOMKilled?',
      '12:25 rules[1].match.causes[1] "Bananas" is unknown; docs/verdicts.md lists them',
      '14:17 rules[1].set.severity "hihg" is unknown; did you mean high?',
      '15:15 rules[1].set.ignore is false, but has to be true',
      expect.stringContaining('16:14 rules[1].set.tags[0] a tag holds only'),
      '16:27 rules[1].set.tags[1] "${labels.a" is not closed: write ${name}',
      '16:41 rules[1].set.tags[2] tag "incident" is one that Podkeeper sets itself; choose another word',
      expect.stringContaining('16:51 rules[1].set.tags[3] tags that begin with team:'),
      expect.stringContaining('17:13 rules[1].set.team ${who} is unknown'),
      '18:11 rules[2].name "two" is the name of rules[1] too',
      '20:18 rules[2].set.team is not a text but a number; put it in quotes',
    ]);
  });

  it('has a message that names the file, the places and the documentation', () => {
    expect(() => parseRules(oneRule('{ causes: [OOMKill] }'), 'my/rules.yaml')).toThrow(
      new RulesFileError('my/rules.yaml', [
        {
          line: 4,
          column: 23,
          path: 'rules[0].match.causes[0]',
          message: '"OOMKill" is unknown; did you mean OOMKilled?',
        },
      ]),
    );
    expect(() => parseRules('', 'my/rules.yaml')).toThrow(
      'The rules in my/rules.yaml can\'t be used:\n  the file is empty; the least is "version: 1" and "rules: []"\ndocs/rules.md tells how to write them.',
    );
  });

  it.each([
    ['is empty', '# nothing\n', '0:0 the file is empty'],
    ['is a text', 'rules', '1:1 the file is "rules", but has to be a mapping'],
    ['is a list', '- 1', '1:1 the file is a list'],
    ['has rules that are no list', 'version: 1\nrules: {}', '2:8 rules is a mapping, but has to be a list'],
    ['is of a later version', 'version: 2\nrules: []', '1:10 version is 2, but has to be 1'],
    ['is no YAML', 'version: 1\nrules: [', '2:9 is not YAML: Flow sequence'],
    ['has two documents', 'version: 1\nrules: []\n---\nversion: 1', '3:1 a second document begins here'],
    ['has a key twice', 'version: 1\nrules: []\nversion: 1', '3:1 key "version" is given twice'],
    [
      'has a glob without quotes',
      oneRule('{ owner: *web }'),
      '4:21 *web refers to nothing (a text that begins with "*" must be in quotes)',
    ],
    ['has a star without quotes', oneRule('{ namespaces: [*] }'), 'must be in quotes'],
    ['has a template without quotes in [ ]', oneRule('{}', '{ tags: [${labels.a}] }'), 'must be in quotes'],
    ['has an empty list', oneRule('{ namespaces: [] }'), '4:26 rules[0].match.namespaces is empty; leave it out'],
    ['has no labels in labels', oneRule('{ labels: {} }'), 'rules[0].match.labels is empty; leave it out'],
    [
      'has an unknown key at its top',
      'version: 1\nrules: []\nrule: 1',
      '3:1 rule there is no such key here; did you mean rules?',
    ],
  ])('that %s', (_, text, fault) => {
    expect(faultsOf(text)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('the bounds of a rules file', () => {
  const rules = (count: number) =>
    `version: 1\nrules:\n${Array.from({ length: count }, (_, index) => `  - { name: r${index}, match: {}, set: { team: x } }\n`).join('')}`;

  it('are 200 rules', () => {
    expect(parseRules(rules(200), 'rules.yaml').count).toBe(200);
    expect(faultsOf(rules(201))).toEqual(['0:0 the file has 201 rules, more than 200']);
  });

  it.each([
    ['256 characters of a pattern', oneRule(`{ name: ${'a'.repeat(257)} }`), 'has more than 256 characters'],
    ['the size of a compiled pattern', oneRule('{ name: "(.?){900}" }'), 'is too complex; repeat less'],
    [
      '16 tags',
      oneRule('{}', `{ tags: [${Array.from({ length: 17 }, (_, index) => `t${index}`).join(', ')}] }`),
      'has more than 16 entries',
    ],
    [
      '32 labels',
      oneRule(`{ labels: { ${Array.from({ length: 33 }, (_, index) => `l${index}: x`).join(', ')} } }`),
      'has more than 32',
    ],
    ['64 namespaces', oneRule(`{ namespaces: [${'a, '.repeat(65)}] }`), 'has more than 64 entries'],
  ])('are %s', (_, text, fault) => {
    expect(faultsOf(text).join()).toContain(fault);
  });

  it('hold for aliases that unfold to billions', () => {
    const levels = Array.from('bcdefghij', (name, index) => {
      const before = `*${'abcdefghij'.charAt(index)}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
    });
    expect(faultsOf(`a: &a [x]\n${levels.join('\n')}\n`)).toEqual([expect.stringContaining('more than 1000 times')]);
    expect(faultsOf('&a [*a]')).toEqual(['0:0 the file unfolds to more than 50000 values']);
    const shared = oneRule(`{ namespaces: &n [${'a, '.repeat(60)}] }`);
    const wide = `${shared}x:\n${'  - [*n, *n, *n, *n, *n, *n, *n, *n, *n]\n'.repeat(100)}`;
    expect(faultsOf(wide)).toEqual(['0:0 the file unfolds to more than 50000 values']);
  });

  it('hold for a file that is nothing but brackets', () => {
    expect(faultsOf('['.repeat(50_000))).toEqual([expect.stringContaining('the file is nested too deeply')]);
  });

  it('are 100 faults that are told one by one', () => {
    const text = `version: 1\nrules: []\n${Array.from({ length: 5000 }, (_, index) => `key${index}: 1`).join('\n')}`;
    const faults = faultsOf(text);
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toBe('0:0 … and 4900 more faults');
  });
});
