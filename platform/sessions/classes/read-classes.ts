import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { Config } from '../../config.ts';
import { readTextFile, TextFileError } from '../../text-file.ts';
import { type DescribedIssue, describeIssue, type IssueHints } from '../../yaml/describe-issue.ts';
import { locateIssues } from '../../yaml/locate-issues.ts';
import { isFaults, parseYaml } from '../../yaml/parse-yaml.ts';
import { wholeFile } from '../../yaml/yaml-fault.ts';
import { classesFileLimits } from './class-values.ts';
import { ClassesFileError } from './classes-file-error.ts';
import { classesSchema, knownClassKeys } from './classes-schema.ts';
import { defaultClassName, fillClass, resourceFaults } from './fill-class.ts';

type SessionSettings = Config['sessions'];

const words = { content: 'classes', least: '"version: 1" and "classes: {}"' };

const hints: IssueHints = {
  keysAt(path) {
    if (path.length === 0) return knownClassKeys.file;
    if (path.length === 2) return knownClassKeys.class;
    return path[2] === 'tolerations' ? knownClassKeys.toleration : knownClassKeys.resources;
  },
  longList: 'docs/sessions.md lists them',
};

/** The classes of a file, filled in. Throws ClassesFileError, also when there is no such file. */
export async function readClasses(file: string, settings: SessionSettings): Promise<ReadonlyMap<string, SessionClass>> {
  try {
    return parseClasses(await readTextFile(file, classesFileLimits.bytes), { source: file, settings });
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new ClassesFileError(file, [wholeFile(error.message)]);
  }
}

/** Parses the text of a file of classes and fills each in. Throws ClassesFileError with every fault there is. */
export function parseClasses(
  text: string,
  { source, settings }: { readonly source: string; readonly settings: SessionSettings },
): ReadonlyMap<string, SessionClass> {
  const yaml = parseYaml(text, words);
  if (isFaults(yaml)) throw new ClassesFileError(source, yaml);
  const { data, error } = classesSchema.safeParse(yaml.value, { reportInput: true });
  const issues = (error?.issues ?? []).flatMap((issue) => describeIssue(issue, hints));
  if (data === undefined) throw new ClassesFileError(source, locateIssues(issues, yaml));
  const classes = Object.entries(data.classes).map(([name, written]) => fillClass(name, written, settings));
  const faults = classes.flatMap(classFaults);
  if (faults.length > 0) throw new ClassesFileError(source, locateIssues(faults, yaml));
  return new Map(classes.map((one) => [one.name, one]));
}

/** What can only be seen of a class that is filled in. */
function classFaults(sessionClass: SessionClass): DescribedIssue[] {
  const path = ['classes', sessionClass.name];
  const unnamed: DescribedIssue[] =
    sessionClass.image === '' && sessionClass.name !== defaultClassName
      ? [{ path: [...path, 'image'], message: 'is missing; it has to be the image of its pods' }]
      : [];
  const resources = resourceFaults(sessionClass).map((message) => ({ path: [...path, 'resources'], message }));
  return [...unnamed, ...resources];
}
