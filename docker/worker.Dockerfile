# Sluice: the worker, and the command line for CI. docs/install.md tells how to run it.
#   docker build --file docker/worker.Dockerfile --tag registry.example/sluice:1 .
# npm's own settings (registry, proxy), where it needs any: --secret id=npmrc,src=$HOME/.npmrc
ARG BUILD_BASE=docker.io/library/node:24-slim
ARG BASE=docker.io/library/node:24-slim

FROM ${BUILD_BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Packages' own scripts would compile native parts; all that is needed comes compiled.
RUN --mount=type=secret,id=npmrc \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund --userconfig=/run/secrets/npmrc
COPY LICENSE ./
COPY src src
# Here, so that no worker needs the compiler when it starts.
RUN node src/worker/bundle.ts workflows.js
# What no worker opens: native parts for other platforms (half of it all) and their sources, the compiler, types, maps,
# the client of stores, which only the judge has.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      -not -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
 && rm -r node_modules/@temporalio/core-bridge/sdk-core node_modules/@temporalio/core-bridge/src node_modules/@swc \
 && rm -r node_modules/echarts/dist node_modules/zrender/dist node_modules/zrender/build \
 && rm -r node_modules/@aws-sdk node_modules/@smithy \
 && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete

FROM ${BASE}
COPY --from=build /app /app
# A container is asked from outside; elsewhere the worker listens to its own machine only. Node.js would go by the memory
# of the whole node: a small nursery, for a worker makes little garbage, and a limit on each of its two heaps (workflows
# have their own) that makes it collect in time.
ENV NODE_OPTIONS="--max-semi-space-size=8 --max-old-space-size=384"
ENV NODE_ENV=production SLUICE_WORKFLOW_BUNDLE=/app/workflows.js SLUICE_HTTP_ADDRESS=0.0.0.0:9400
# A number: Kubernetes can see that it is not root. Nothing is written anywhere.
USER 65532:65532
EXPOSE 9400
# For Docker and compose; Kubernetes has probes of its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.SLUICE_HTTP_ADDRESS.split(':').at(-1) + '/livez').then((it) => process.exit(it.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/src/cli/main.ts"]
CMD ["worker"]
