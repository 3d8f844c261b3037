# The program of the judge's Jobs. docs/judge-job.md tells what such a Job is given.
#   docker build --file docker/judge.Dockerfile --tag registry.example/sluice-judge:1 .
# npm's own settings (registry, proxy), where it needs any: --secret id=npmrc,src=$HOME/.npmrc
ARG BUILD_BASE=docker.io/library/node:24-slim
ARG BASE=docker.io/library/node:24-slim

FROM ${BASE} AS runtime
LABEL org.opencontainers.image.title="sluice-judge" \
      org.opencontainers.image.description="Compares the answers of two arms of an LLM service" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
# A number: Kubernetes can see that it is not root. Nothing is written but transcripts and the answer.
USER 65532:65532
ENTRYPOINT ["node", "/app/judge.mjs"]

# For machines that bundle the program themselves (dev/platform/images.ts): --target bundled.
FROM runtime AS bundled
COPY judge.mjs /app/judge.mjs

FROM ${BUILD_BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Packages' own scripts would compile native parts; the bundler comes compiled.
RUN --mount=type=secret,id=npmrc \
    npm ci --include=dev --ignore-scripts --no-audit --no-fund --userconfig=/run/secrets/npmrc
COPY dev/tools/bundle.ts dev/tools/bundle-main.ts dev/tools/
COPY src src
RUN node dev/tools/bundle-main.ts src/judge/main.ts judge.mjs

FROM runtime
COPY --from=build /app/judge.mjs /app/judge.mjs
