import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { stringify } from 'yaml';
import { waitFor } from '../../dev/cluster/wait.ts';
import { testPrograms } from '../../dev/tools/catalogue.ts';
import { installMissingPrograms } from '../../dev/tools/debian.ts';

/** An alert as Prometheus sends it to Alertmanager. */
export interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt: Date;
  /** In the past: the alert has ended. */
  readonly endsAt: Date;
}

/** Debian's Alertmanager on a free port of loopback, alone, with a folder of its own. */
export class AlertmanagerProcess {
  readonly #child: ChildProcessByStdio<null, null, Readable>;
  readonly #folder: string;
  #log = '';

  private constructor(child: ChildProcessByStdio<null, null, Readable>, folder: string) {
    this.#child = child;
    this.#folder = folder;
    child.stderr.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
  }

  /** @param config what its alertmanager.yml says. */
  static async start(config: object): Promise<AlertmanagerProcess> {
    await installMissingPrograms(() => undefined, testPrograms);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-alertmanager-'));
    const file = path.join(folder, 'alertmanager.yml');
    await writeFile(file, stringify(config));
    const argv = [
      `--config.file=${file}`,
      `--storage.path=${path.join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      // No other Alertmanager: without this it looks for an address to talk to them.
      '--cluster.listen-address=',
      '--log.level=debug',
    ];
    const child = spawn('prometheus-alertmanager', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    const started = new AlertmanagerProcess(child, folder);
    await started.#url();
    return started;
  }

  /** What it wrote, for tests that fail. */
  get log(): string {
    return this.#log;
  }

  async send(...alerts: readonly SentAlert[]): Promise<void> {
    const response = await fetch(`${await this.#url()}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    if (!response.ok)
      throw new Error(`Alertmanager answers ${response.status}: ${await response.text()}\n${this.#log}`);
  }

  /** Waits until its log has this text. */
  async logged(text: string): Promise<void> {
    const look = () => Promise.resolve(this.#log.includes(text) ? true : undefined);
    await waitFor(`Alertmanager to log "${text}"`, look, { everyMs: 50, seen: () => this.#log });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'close');
      this.#child.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true });
  }

  /** It chose the port itself, and tells it in its log. */
  async #url(): Promise<string> {
    const look = () => {
      if (this.#child.exitCode !== null) throw new Error(`Alertmanager has ended:\n${this.#log}`);
      return Promise.resolve(/msg="Listening on" address=(127\.0\.0\.1:\d+)/.exec(this.#log)?.[1]);
    };
    return `http://${await waitFor('Alertmanager to listen', look, { everyMs: 50, seen: () => this.#log })}`;
  }
}
