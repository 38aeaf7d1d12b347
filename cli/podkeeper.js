#!/usr/bin/env node
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runEntry } from './run.js';

await runEntry(join(dirname(fileURLToPath(import.meta.url)), 'main.ts'), process.argv.slice(2));
