import { readTextFile, TextFileError } from '../../../platform/text-file.ts';
import { exitCodes, GatewayError } from '../gateway/gateway-error.ts';

/** More than a class takes unless it says otherwise; the gateway has the last word. */
const limitBytes = 256 * 1024 ** 2;

/** The JSON that `[json|@file|-]` stands for, as it was written. Throws GatewayError when it is none. */
export async function readInput(given: string, stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  const { text, source } = await readSource(given, stdin);
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = given === text ? ` In a shell, put JSON in single quotes: '{"say": "hello"}'.` : '';
    throw new GatewayError(`${source} is not JSON: ${reason}.${hint}`, { exitCode: exitCodes.usage, cause: error });
  }
}

async function readSource(
  given: string,
  stdin: AsyncIterable<Uint8Array | string>,
): Promise<{ readonly text: string; readonly source: string }> {
  if (given === '-') return { text: await readAll(stdin), source: 'Standard input' };
  if (!given.startsWith('@')) return { text: given, source: 'The input' };
  const file = given.slice(1);
  try {
    return { text: await readTextFile(file, limitBytes), source: file };
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new GatewayError(`${file}: ${error.message}.`, { exitCode: exitCodes.usage, cause: error });
  }
}

async function readAll(stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > limitBytes)
      throw new GatewayError('Standard input has more than 256 MiB.', { exitCode: exitCodes.usage });
  }
  return text + decoder.decode();
}
