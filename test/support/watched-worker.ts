import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type https from 'node:https';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { startApiInterceptor, type ApiInterceptor, type Passage } from './api-interceptor.ts';
import { apiMoment, temporalMoment, type Moment } from './moments.ts';
import {
  startTemporalInterceptor,
  type TemporalCall,
  type TemporalInterceptor,
} from './temporal-interceptor.ts';
import { testAddresses } from './test-platform.ts';
import { WorkerRelay } from './worker-relay.ts';

type Interceptor = ApiInterceptor | TemporalInterceptor;

/** Says what becomes of a request, or of its answer. */
export type AtMoment = (moment: Moment) => Promise<Passage>;

/** A worker process, and after its death the next one, whose every word to Kubernetes and Temporal can be stopped. */
export class WatchedWorker {
  readonly relay: WorkerRelay;
  readonly #watch: Watch;
  readonly #interceptors: readonly Interceptor[];

  private constructor(relay: WorkerRelay, watch: Watch, interceptors: readonly Interceptor[]) {
    this.relay = relay;
    this.#watch = watch;
    this.#interceptors = interceptors;
  }

  /**
   * Starts it.
   * @param folder for its kubeconfig; whoever made the folder removes it.
   */
  static async open(taskQueue: string, folder: string, env: NodeJS.ProcessEnv): Promise<WatchedWorker> {
    const { KUBECONFIG, TEMPORAL_ADDRESS } = testAddresses();
    const watch = new Watch();
    const kubernetes = await interceptKubernetes(KUBECONFIG, watch);
    const temporal = await startTemporalInterceptor(TEMPORAL_ADDRESS, {
      before: (call) => watch.before(call),
      after: (call) => watch.after(call),
    });
    const kubeconfig = path.join(folder, `kubeconfig-${randomBytes(3).toString('hex')}`);
    await writeFile(kubeconfig, plainConfig(kubernetes.url).exportConfig());
    const relay = new WorkerRelay({
      ...env,
      KUBECONFIG: kubeconfig,
      TEMPORAL_ADDRESS: temporal.address,
      SLUICE_TASK_QUEUE: taskQueue,
    });
    return new WatchedWorker(relay, watch, [kubernetes, temporal]);
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

  async close(): Promise<void> {
    await this.relay.kill();
    await Promise.all(this.#interceptors.map((it) => it.close()));
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

async function interceptKubernetes(kubeconfig: string, watch: Watch): Promise<ApiInterceptor> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig has no current cluster');
  const tls: https.RequestOptions = {};
  await config.applyToHTTPSOptions(tls);
  const at = (when: Moment['when']) => (call: { method: string; path: string; body: string }) =>
    // A question of the worker's own health.
    call.path === '/version'
      ? Promise.resolve('passes' as const)
      : watch.at(apiMoment('kubernetes', when, call));
  return startApiInterceptor(server, { before: at('before'), after: at('after') }, tls);
}

/** client-node refuses plain http unless it is told to skip the verification of certificates. */
function plainConfig(url: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'way', server: url, skipTLSVerify: true }, { name: 'nobody' });
  return config;
}
