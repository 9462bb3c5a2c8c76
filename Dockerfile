# syntax=docker/dockerfile:1
# The server with its web page. docs/deployment.md says how it is run.

FROM rust:1.95-slim-trixie AS build
# hadolint ignore=DL3008 # what Debian mends is wanted
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release -p server
# The page loads the package for the browser, so that comes first.
# hadolint ignore=DL3059 # a layer of its own: the server changes oftener
RUN .ci/wasm
WORKDIR /src/examples/web
RUN npm install --no-audit --no-fund \
    && npm run build

FROM debian:trixie-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home theo
COPY --from=build /src/target/release/server /usr/local/bin/server
COPY --from=build /src/examples/web/dist /usr/local/share/theo-calendar/web
ENV THEO_WEB_DIR=/usr/local/share/theo-calendar/web \
    THEO_LOG_FORMAT=json
USER 10001
EXPOSE 8787
# What it does not say in half a minute it will not say.
HEALTHCHECK --interval=15s --timeout=30s --start-period=30s \
    CMD ["sh", "-c", "at=${THEO_LISTEN:-:8787}; curl --fail --silent --show-error \"http://127.0.0.1:${at##*:}/health\""]
ENTRYPOINT ["server"]
