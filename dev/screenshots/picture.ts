import { mkdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { Locator, Page } from 'playwright-core';
import type { DebianProgram } from '../tools/catalogue.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const folder = path.join(repository, 'docs/images');

/** Pictures live in the repository for ever; a bigger one shows too much. */
const mostBytes = 150_000;

/** Gives a picture 64 colours: a third of the bytes, and nobody sees it. */
export const compressor: DebianProgram = { program: '/usr/bin/pngquant', package: 'pngquant' };

/** Pixels around what a picture shows. */
const margin = 12;

/** What a picture shows: from the top of one part of the page to the end of another, as wide as a third. */
export interface Frame {
  readonly top: Locator;
  /** @default top */
  readonly bottom?: Locator;
  /** @default top */
  readonly sides?: Locator;
}

/**
 * Takes a picture into docs/images.
 * @throws Error when it shows something of this machine, or is bigger than 150 kB.
 */
export async function takePicture(page: Page, name: string, frame: Frame): Promise<string> {
  await hideMachine(page);
  const clip = await clipOf(frame);
  const file = path.join(folder, `${name}.png`);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: file, clip, animations: 'disabled', caret: 'hide' });
  await execa(compressor.program, ['--force', '--strip', '--speed', '1', '--output', file, '64', file]);
  const { size } = await stat(file);
  if (size > mostBytes)
    throw new Error(`docs/images/${name}.png must be at most ${mostBytes} bytes: found ${size}`);
  return `docs/images/${name}.png (${Math.round(size / 1000)} kB)`;
}

async function clipOf({ top, bottom = top, sides = top }: Frame) {
  const [first, last, wide] = await Promise.all([top, bottom, sides].map((it) => it.boundingBox()));
  if (!first || !last || !wide) throw new Error('what the picture is to show is not on the page');
  const [x, y] = [Math.max(0, wide.x - margin), Math.max(0, first.y - margin)];
  return {
    x,
    y,
    width: wide.x + wide.width + margin - x,
    height: last.y + last.height + margin - y,
  };
}

/** Runs in the page: `<process>@<host>` of a worker becomes a name that says as much. */
const renameWorkers = (host: string) => `{
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.nodeValue.includes(${JSON.stringify(`@${host}`)})) {
      node.nodeValue = node.nodeValue.replaceAll(/\\d+@[\\w.-]+/g, '1@sluice-worker');
    }
  }
}`;

/** How this machine is called and where its files lie is nobody's business. */
async function hideMachine(page: Page): Promise<void> {
  const host = os.hostname();
  await page.evaluate(renameWorkers(host));
  const texts = await Promise.all(page.frames().map((it) => it.locator('body').innerText()));
  const shown = texts.join('\n');
  const told = [`@${host}`, os.homedir(), repository, os.tmpdir()].filter((it) => shown.includes(it));
  if (told.length > 0) throw new Error(`the page shows something of this machine: ${told.join(', ')}`);
}
