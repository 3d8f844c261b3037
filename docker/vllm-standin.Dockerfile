# The stand-in vLLM (dev/standin), bundled into one file by dev/platform/images.ts.
ARG BASE=docker.io/library/node:24-slim
FROM ${BASE}
COPY standin.mjs /app/standin.mjs
USER 65532:65532
EXPOSE 8000 8001
ENTRYPOINT ["node", "/app/standin.mjs"]
