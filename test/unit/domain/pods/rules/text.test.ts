import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileGlob } from '../../../../../domain/pods/rules/text/glob.ts';
import { nearest } from '../../../../../domain/pods/rules/text/nearest.ts';
import { tagTemplateFault, teamTemplateFault } from '../../../../../domain/pods/rules/text/tag.ts';
import { patternFault } from '../../../../../domain/pods/rules/text/faults.ts';
import { check, propertySeed } from '../../../../helpers/properties.ts';

describe(`a glob (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  const anyGlob = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  const anyText = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 10 });

  it('fits what the same regular expression fits', () => {
    check(
      fc.record({ glob: anyGlob, text: anyText }),
      ({ glob, text }) => {
        const pattern = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(compileGlob(glob)(text)).toBe(new RegExp(`^(?:${pattern})$`, 's').test(text));
      },
      2000,
    );
  });

  it('takes no longer for many stars', () => {
    const startedMs = performance.now();
    expect(compileGlob(`${'*a'.repeat(128)}b`)('a'.repeat(253))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});

describe('a template of a tag', () => {
  it.each([
    ['plain', 'nightly'],
    ['with every sign there is', 'a.b_c:d/e=f@g+h-i'],
    ['with values', '${namespace}/${name}:${owner}:${labels.app.kubernetes.io/name}'],
    ['with defaults', '${labels.a:-b}${labels.c:-}${name:-d}'],
  ])('%s is right', (_, text) => {
    expect(tagTemplateFault(text)).toBeUndefined();
  });

  it.each([
    ['', 'is empty'],
    ['two words', 'not " "'],
    ['tag,', 'not ","'],
    ['${labels.a:-x y}', 'not " "'],
    ['${labels.a', 'is not closed'],
    ['${}', '${} is unknown'],
    ['${Name}', 'did you mean name?'],
    ['${labels}', 'write ${labels.app}'],
    ['${labels.a b}', '"a b" in ${labels.a b} is not a label\'s key'],
    ['OOMKilled', 'that Podkeeper sets itself'],
    ['healthy', 'that Podkeeper sets itself'],
    ['team:${labels.team}', 'use "team"'],
    ['failed-rule:x', 'set by Podkeeper itself'],
    ['x'.repeat(65), 'has 65 characters, more than 64'],
    ['😀', 'not "😀"'],
  ])('%j is refused', (text, fault) => {
    expect(tagTemplateFault(text)).toContain(fault);
  });

  it('may be a word of Podkeeper where it names a team', () => {
    expect(teamTemplateFault('incident')).toBeUndefined();
    expect(teamTemplateFault('x'.repeat(64))).toContain('more than 63');
  });
});

describe('a pattern', () => {
  it.each([
    ['(a', 'missing closing )'],
    ['(?=a)', 'invalid or unsupported'],
    ['(a)\\1', 'invalid escape'],
    ['(\\PN?){999}', 'too complex'],
    ['', 'is empty'],
  ])('%s is refused', (pattern, fault) => {
    expect(patternFault(pattern)).toContain(fault);
  });

  it('of ordinary size is right', () => {
    expect(patternFault('(?i)^registry\\.example/(app|job)-[a-z0-9]{1,20}:v[0-9]+')).toBeUndefined();
  });
});

describe('the nearest word', () => {
  it.each([
    ['oomkilled', 'OOMKilled'],
    ['OOMKill', 'OOMKilled'],
    ['AppEror', 'AppError'],
    ['Nonsense', undefined],
  ])('to %s is %s', (text, word) => {
    expect(nearest(text, ['AppError', 'OOMKilled', 'Evicted'])).toBe(word);
  });
});
