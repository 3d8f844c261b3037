import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parts } from '../../../dev/platform/parts/index.ts';
import { debianPrograms, tools } from '../../../dev/tools/catalogue.ts';

describe('the parts of the platform', () => {
  test('each needs only parts that are described before it: no cycle, no name that is not there', () => {
    const known = new Set<string>();
    for (const part of parts) {
      expect(part.needs.filter((name) => !known.has(name))).toEqual([]);
      known.add(part.name);
    }
  });

  test('names are unique', () => {
    expect(new Set(parts.map((part) => part.name)).size).toBe(parts.length);
  });

  test('docs/platform.md explains each part, each tool with its version, and each Debian package', async () => {
    const text = await readFile(path.resolve(import.meta.dirname, '../../../docs/platform.md'), 'utf8');
    // Prettier pads the columns of a table.
    const page = text.replaceAll(/ +/g, ' ');
    const rows = [
      ...parts.map((part) => `| ${part.name} | ${part.about}`),
      ...tools.map((tool) => `| ${tool.name} | ${tool.version}`),
      ...debianPrograms.map((it) => `\`${it.package}\``),
    ];
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});
