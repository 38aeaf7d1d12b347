import { readFileSync } from 'node:fs';

/**
 * The rows of the Markdown table under a heading, cell by cell, without the header; code marks are taken off cells that
 * are code as a whole. Throws when there is no such table, so that a renamed heading cannot make a check pass.
 */
export function tableUnder(file: URL, heading: string): string[][] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('#'));
  const rows = (end === -1 ? rest : rest.slice(0, end)).filter((line) => line.startsWith('|')).slice(2);
  if (start === -1 || rows.length === 0) throw new Error(`${file.pathname} has no table under "${heading}"`);
  return rows.map((row) => row.slice(1, -1).split('|').map(plain));
}

function plain(cell: string): string {
  return cell.trim().replace(/^`([^`]*)`$/, '$1');
}
