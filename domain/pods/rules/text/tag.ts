import { causes, type Health } from '../../verdict/types.ts';
import { parseTemplate, type Template } from './template.ts';

/** Bounds of what rules can add to one classification. Tags are a search attribute, so they stay short and plain. */
export const tagLimits = { tagCharacters: 64, teamCharacters: 63, tags: 16 } as const;

const allowed = 'A-Za-z0-9._:/=@+-';
const forbidden = new RegExp(`[^${allowed}]`, 'u');
const alphabet = 'a-z, A-Z, 0-9 and . _ : / = @ + -';
/** What a tag, of whoever's making, consists of. */
export const tagText = { pattern: new RegExp(`^[${allowed}]+$`), alphabet } as const;
const healthTags: Readonly<Record<Lowercase<Health>, true>> = {
  healthy: true,
  progressing: true,
  degraded: true,
  failed: true,
  completed: true,
  terminating: true,
  unknown: true,
};
const ownTags: ReadonlySet<string> = new Set([
  ...['pod', 'add', 'update', 'delete', 'leftScope', 'review', 'incident'],
  ...Object.keys(healthTags),
  ...causes,
]);

/** Says what is wrong with a tag as it would be added, or nothing. */
export function tagFault(tag: string): string | undefined {
  if (ownTags.has(tag)) return `tag "${tag}" is one that Podkeeper sets itself; choose another word`;
  if (tag.startsWith('team:'))
    return 'tags that begin with team: are set by Podkeeper itself; use "team" beside "tags"';
  if (tag.startsWith('failed-rule:')) return 'tags that begin with failed-rule: are set by Podkeeper itself';
  return valueFault('tag', tag, tagLimits.tagCharacters);
}

/** Says what is wrong with a team as it would be set, or nothing. */
export function teamFault(team: string): string | undefined {
  return valueFault('team', team, tagLimits.teamCharacters);
}

/** Says what is wrong with the text of a tag in a rules file, or nothing: whatever no pod could make right. */
export function tagTemplateFault(text: string): string | undefined {
  return templateFault('tag', text, tagFault);
}

/** The same for the text of a team. */
export function teamTemplateFault(text: string): string | undefined {
  return templateFault('team', text, teamFault);
}

function templateFault(
  what: 'tag' | 'team',
  text: string,
  fault: (value: string) => string | undefined,
): string | undefined {
  let template: Template;
  try {
    template = parseTemplate(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { parts } = template;
  if (parts.every((part) => typeof part === 'string')) return fault(text);
  // A prefix that no tag of a user may have is one whatever follows it.
  const [first] = parts;
  const prefix = typeof first === 'string' && first.includes(':') ? fault(first) : undefined;
  const given = parts.map((part) => (typeof part === 'string' ? part : (part.fallback ?? '')));
  return prefix ?? given.map((part) => charactersFault(what, part)).find((found) => found !== undefined);
}

function valueFault(what: 'tag' | 'team', value: string, limit: number): string | undefined {
  if (value === '') return `the ${what} is empty`;
  if (value.length > limit) {
    return `${what} "${value.slice(0, 20)}…" has ${value.length} characters, more than ${limit}`;
  }
  return charactersFault(what, value);
}

function charactersFault(what: 'tag' | 'team', value: string): string | undefined {
  const [character] = forbidden.exec(value) ?? [];
  if (character === undefined) return undefined;
  return `a ${what} holds only ${alphabet}, not ${JSON.stringify(character)}`;
}
