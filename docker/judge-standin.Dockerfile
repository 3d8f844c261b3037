# The stand-in for a model that judges (dev/judge-standin), bundled into one file by dev/platform/images.ts.
ARG BASE=docker.io/library/node:24-slim
FROM ${BASE}
COPY judge-standin.mjs /app/judge-standin.mjs
USER 65532:65532
EXPOSE 8000 8001
ENTRYPOINT ["node", "/app/judge-standin.mjs"]
