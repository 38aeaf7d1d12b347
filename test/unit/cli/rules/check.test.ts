import { describe, expect, it } from '@jest/globals';
import { rules } from '../../../helpers/rules-command.ts';
import { withFiles } from '../../../helpers/run-command.ts';

const good = `version: 1
rules:
  - name: batch
    match: { namespaces: ['batch-*'] }
    set: { tags: [batch] }
`;
const bad = good.replace('namespaces', 'namespace').replace('tags', 'ignore');

describe('podkeeper rules check', () => {
  it('says how many rules there are and their version', async () => {
    const { code, stdout, faults } = await rules(['check', '-'], { stdin: good });
    expect(stdout).toMatch(/^ok: 1 rule, version [0-9a-f]{12}\n$/);
    expect({ code, faults }).toEqual({ code: 0, faults: [] });
  });

  it('names every fault by file, line, column and path, and goes on with the other files', async () => {
    const files = { 'bad.yaml': bad, 'good.yaml': good, 'empty.yaml': '' };
    const result = await withFiles(files, (folder) =>
      rules(['check', ...['bad', 'nowhere', 'empty', 'good'].map((name) => `${folder}/${name}.yaml`)]),
    );
    expect(result.code).toBe(2);
    expect(result.stdout).toMatch(/good\.yaml: ok: 1 rule, version [0-9a-f]{12}\n$/);
    expect(result.faults.map((fault) => fault.replace(/^.*\//, ''))).toEqual([
      expect.stringMatching(/^bad\.yaml:4:14: rules\[0\]\.match\.namespace: .*did you mean namespaces\?/),
      expect.stringMatching(/^bad\.yaml:5:20: rules\[0\]\.set\.ignore: /),
      'nowhere.yaml: there is no such file',
      expect.stringMatching(/^empty\.yaml:/),
    ]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['too much', `#${'x'.repeat(300 * 1024)}`, 'standard input: has more than 256 KiB'],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe]), 'standard input: is not UTF-8 text'],
  ])('refuses %s on standard input', async (_, stdin, fault) => {
    expect(await rules(['check', '-'], { stdin })).toMatchObject({ code: 2, faults: [fault] });
  });

  it('prints no terminal sequence of a file', async () => {
    const { faults } = await rules(['check', '-'], { stdin: good.replace('batch\n', '"\\e[31mred"\n') });
    expect(faults.join()).toContain('rules[0].name');
    expect(faults.join()).not.toContain('\u001b');
  });
});
