import { type CompiledRules, noRules } from '../../domain/pods/rules/compiled-rules.ts';
import { parseRules, readRules } from '../../platform/rules/read-rules.ts';
import { RulesFileError } from '../../platform/rules/rules-file-error.ts';
import { rulesFileLimits } from '../../platform/rules/rules-schema.ts';
import { decodeText } from '../classify/parse/decode-text.ts';
import type { Bytes } from '../classify/read/open-files.ts';

export interface LoadedRules {
  readonly source: string;
  readonly rules: CompiledRules;
}

/** Each fault as `file:line:column: path: message`, which editors turn into a link. */
export interface FaultyRules {
  readonly faults: readonly string[];
}

/** Reads a rules file; `-` and `none` stand for no rules. */
export async function loadRulesOrNone(path: string): Promise<LoadedRules | FaultyRules> {
  return path === '-' || path === 'none' ? { source: 'none', rules: noRules } : loadRules(path);
}

/** Reads a rules file. */
export async function loadRules(path: string): Promise<LoadedRules | FaultyRules> {
  return guard(path, () => readRules(path));
}

/** Reads rules from standard input. */
export async function loadRulesFromStdin(stdin: Bytes): Promise<LoadedRules | FaultyRules> {
  const source = 'standard input';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    parts.push(part);
    size += part.length;
    if (size > rulesFileLimits.bytes) {
      return { faults: [`${source}: has more than ${rulesFileLimits.bytes / 1024} KiB`] };
    }
  }
  const text = decodeText(Buffer.concat(parts));
  if (text === undefined) return { faults: [`${source}: is not UTF-8 text`] };
  return guard(source, () => parseRules(text, source));
}

async function guard(
  source: string,
  read: () => CompiledRules | Promise<CompiledRules>,
): Promise<LoadedRules | FaultyRules> {
  try {
    return { source, rules: await read() };
  } catch (error) {
    if (!(error instanceof RulesFileError)) throw error;
    return { faults: error.faults.map((fault) => `${source}${describeFault(fault)}`) };
  }
}

function describeFault({ line, column, path, message }: RulesFileError['faults'][number]): string {
  const place = line === 0 ? '' : `:${line}:${column}`;
  return `${place}: ${path === '' ? '' : `${path}: `}${message}`;
}
