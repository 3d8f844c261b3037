// node src/worker/main.ts; docs/worker.md tells its environment.
import { Client } from '@temporalio/client';
import type { Ports } from '../activities/deps.ts';
import { createActivities } from '../activities/index.ts';
import { createReadings } from '../activities/readings.ts';
import { HttpRouteTraffic } from '../adapters/gateway-api/http-route-traffic.ts';
import { httpNotification } from '../adapters/http/notification.ts';
import { PodDrain } from '../adapters/http/pod-drain.ts';
import { PodWarmUp } from '../adapters/http/pod-warm-up.ts';
import { openKubernetesApi } from '../adapters/kubernetes-api/api.ts';
import { connect as connectToCluster } from '../adapters/kubernetes-api/connection.ts';
import { DeploymentWorkload } from '../adapters/kubernetes/deployment-workload.ts';
import { JudgeJobs } from '../adapters/kubernetes/judge/judge-jobs.ts';
import { AlertDesk } from './alerts/alert-desk.ts';
import { serveAlerts } from './alerts/route.ts';
import { TemporalRollouts } from './alerts/temporal-rollouts.ts';
import { readConfig, renderConfigProblem } from './config.ts';
import { connectPatiently } from './connect.ts';
import { freeLoopbackAddress, readCoreMetrics } from './core-metrics.ts';
import { Health } from './health.ts';
import { createHttpServer } from './http-server.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './measure.ts';
import { RolloutMetrics } from './metrics.ts';
import { createRolloutWorker, installRuntime, runWorker } from './rollout-worker.ts';
import { stopSignal } from './stop.ts';

/** For questions about health only. */
const probeTimeoutMs = 3000;

const reading = readConfig(process.env);
if (reading.kind === 'refused') {
  for (const problem of reading.problems)
    process.stderr.write(`sluice worker: ${renderConfigProblem(problem)}\n`);
  process.exit(2);
}
const {
  temporal,
  taskQueue,
  http,
  kubernetes,
  logLevel,
  shutdownGraceMs,
  workflowBundle,
  alerts,
  valuesDir,
} = reading.config;
const { address = 'localhost:7233' } = temporal.connectionOptions;
const { namespace = 'default' } = temporal;
const logger = createLogger(logLevel);

// What nobody caught may have left anything half done; another worker goes on from what Temporal knows.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    logger.fatal({ err: error }, `${event}: the worker ends at once`);
    process.exit(1);
  });
}
const stopping = stopSignal(process, () => {
  logger.warn('second signal: the worker ends at once');
  process.exit(1);
});
stopping.addEventListener('abort', () => {
  logger.info({ signal: stopping.reason as string, shutdownGraceMs }, 'the worker stops');
});

const coreAddress = await freeLoopbackAddress();
installRuntime(logger, coreAddress);
const metrics = new RolloutMetrics();
const health = new Health(stopping, logger);
const server = createHttpServer({
  whyNotReady: () => health.whyNotReady(),
  registry: metrics.registry,
  coreMetrics: () => readCoreMetrics(coreAddress),
});
const alertDesk = new AlertDesk(alerts?.action ?? 'abort');
if (alerts === null) logger.info('no SLUICE_WEBHOOK_TOKEN or _FILE: there is no /alerts');
else {
  serveAlerts(server, {
    desk: alertDesk,
    readToken: alerts.readToken,
    onResult: (result) => {
      metrics.alerted(result);
    },
    logger,
  });
  logger.info({ action: alerts.action }, 'alerts are taken at /alerts');
}
logger.info({ url: await server.listen(http) }, 'health and metrics are served');

const { send: askCluster } = connectToCluster(kubernetes, probeTimeoutMs);
health.watch('the API server', () => askCluster({ method: 'GET', path: '/version' }));

const connection = await connectPatiently(temporal.connectionOptions, {
  signal: stopping,
  onFailure: (why) => {
    logger.error({ address, why }, 'Temporal does not answer; trying on');
  },
});
if (connection !== null) {
  health.watch('Temporal', () =>
    connection.withDeadline(Date.now() + probeTimeoutMs, () => connection.workflowService.getSystemInfo({})),
  );
  alertDesk.rollouts = new TemporalRollouts(new Client({ connection, namespace }), taskQueue);
  const api = openKubernetesApi(kubernetes);
  const ports: Ports = {
    telemetry: metrics,
    traffic: new HttpRouteTraffic(api),
    workload: new DeploymentWorkload({ api }),
    metrics: createMetrics(valuesDir),
    warmUp: new PodWarmUp(api),
    drain: new PodDrain(api),
    judgeJobs: new JudgeJobs(api),
    notification: httpNotification,
  };
  const worker = await createRolloutWorker({
    ...{ connection, namespace, taskQueue, shutdownGraceMs, workflowBundle, logger },
    activities: { ...createActivities(ports), ...createReadings(ports) },
    metrics,
  });
  health.worker = worker;
  logger.info({ address, namespace, taskQueue }, 'the worker starts');
  await runWorker(worker, stopping);
}
await health.stop();
await server.close();
await connection?.close();
logger.info('the worker has ended');
// Whatever still waits for something belongs to nobody.
process.exit(0);
