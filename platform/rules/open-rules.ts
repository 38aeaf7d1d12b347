import { noRules } from '../../domain/pods/rules/compiled-rules.ts';
import { ConfigError } from '../config/config-error.ts';
import { RulesFileError } from './rules-file-error.ts';
import { createRulesSource, type RulesSource, type RulesSourceOptions } from './rules-source.ts';

/** The rules that CLASSIFICATION_RULES_FILE names; none when it is empty. Throws ConfigError when the file can't be used. */
export async function openRules(
  file: string,
  options: Omit<RulesSourceOptions, 'path' | 'pollMs'>,
): Promise<RulesSource> {
  if (file === '') return { current: () => noRules, close: () => Promise.resolve() };
  try {
    return await createRulesSource({ path: file, ...options });
  } catch (error) {
    if (!(error instanceof RulesFileError)) throw error;
    throw new ConfigError([{ variable: 'CLASSIFICATION_RULES_FILE', message: error.message }]);
  }
}
