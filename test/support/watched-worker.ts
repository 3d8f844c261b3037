import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { apiServerOf, plainConfig } from './api-server.ts';
import type { HttpInterceptor } from './http-interceptor.ts';
import { interceptHttp, type AtMoment } from './moment-interceptor.ts';
import { temporalMoment } from './moments.ts';
import {
  startTemporalInterceptor,
  type Passage,
  type TemporalCall,
  type TemporalInterceptor,
} from './temporal-interceptor.ts';
import { testAddresses } from './test-platform.ts';
import { WorkerRelay } from './worker-relay.ts';

/** A worker process, and after its death the next one, whose every word to Kubernetes and Temporal can be stopped. */
export class WatchedWorker {
  readonly relay: WorkerRelay;
  readonly #watch: Watch;
  readonly #kubernetes: HttpInterceptor;
  readonly #temporal: TemporalInterceptor;

  private constructor(
    relay: WorkerRelay,
    watch: Watch,
    ways: { readonly kubernetes: HttpInterceptor; readonly temporal: TemporalInterceptor },
  ) {
    this.relay = relay;
    this.#watch = watch;
    this.#kubernetes = ways.kubernetes;
    this.#temporal = ways.temporal;
  }

  /**
   * Starts it.
   * @param folder for its kubeconfig; whoever made the folder removes it.
   */
  static async open(taskQueue: string, folder: string): Promise<WatchedWorker> {
    const { KUBECONFIG, TEMPORAL_ADDRESS } = testAddresses();
    const watch = new Watch();
    const config = new KubeConfig();
    config.loadFromFile(KUBECONFIG);
    const server = await apiServerOf(config);
    const kubernetes = await interceptHttp('kubernetes', { server, at: (moment) => watch.at(moment) });
    const temporal = await startTemporalInterceptor(TEMPORAL_ADDRESS, {
      before: (call) => watch.before(call),
      after: (call) => watch.after(call),
    });
    const kubeconfig = path.join(folder, `kubeconfig-${randomBytes(3).toString('hex')}`);
    await writeFile(kubeconfig, plainConfig(kubernetes.url).exportConfig());
    const relay = new WorkerRelay({
      ...process.env,
      KUBECONFIG: kubeconfig,
      TEMPORAL_ADDRESS: temporal.address,
      SLUICE_TASK_QUEUE: taskQueue,
      // A paused worker that goes on has to end what it was doing.
      SLUICE_SHUTDOWN_GRACE: '2m',
    });
    return new WatchedWorker(relay, watch, { kubernetes, temporal });
  }

  /** What happens at each moment; everything passes before this is set. */
  set at(at: AtMoment) {
    this.#watch.at = at;
  }

  /** Types of the activities that the process was given and has not answered. */
  get running(): ReadonlySet<string> {
    return this.#watch.running;
  }

  /** Kills the process; the next one begins with nothing. */
  async replace(): Promise<void> {
    await this.relay.kill();
    this.#watch.running.clear();
    this.relay.start();
  }

  /** Stops the process where it is. Temporal gives it nothing meanwhile. */
  pause(): void {
    this.relay.now.kill('SIGSTOP');
    this.#temporal.cut();
  }

  /** Lets a paused process go on where it was, and end once it is done with what it was doing. */
  async finishUp(): Promise<void> {
    this.relay.now.kill('SIGCONT');
    this.relay.now.kill('SIGTERM');
    await this.relay.now.exit();
  }

  async close(): Promise<void> {
    await this.relay.kill();
    await this.#kubernetes.close();
    await this.#temporal.close();
  }
}

class Watch {
  at: AtMoment = () => Promise.resolve('passes');
  readonly running = new Set<string>();

  before(call: TemporalCall): Promise<Passage> {
    return this.at(temporalMoment('before', call));
  }

  async after(call: TemporalCall): Promise<Passage> {
    const moment = temporalMoment('after', call);
    const passage = await this.at(moment);
    if (passage === 'lost') return passage;
    if (moment.does === 'handOut') for (const type of moment.activities) this.running.add(type);
    if (moment.does === 'answer' || moment.does === 'fail')
      for (const type of moment.activities) this.running.delete(type);
    return passage;
  }
}
