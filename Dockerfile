# One image for every role: serve (the default), work, scheduler, migrate, backup, restore.
ARG BASE=docker.io/library/debian:trixie-slim

FROM ${BASE} AS wheels
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/feelback
COPY requirements-image.lock ./
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/python3 -m pip install --no-cache-dir --disable-pip-version-check --no-input \
        --only-binary :all: --require-hashes -r requirements-image.lock \
    && /opt/venv/bin/python3 -m pip uninstall --yes --disable-pip-version-check pip
COPY . ./
RUN python3 -m compileall -q app

FROM ${BASE}
# postgresql-client, age and gpg are for backups.
RUN apt-get update \
    && apt-get install -y --no-install-recommends age ca-certificates gpg gpg-agent postgresql-client python3 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /tmp --no-create-home --shell /usr/sbin/nologin feelback
COPY --from=wheels /opt/venv /opt/venv
COPY --from=wheels /opt/feelback /opt/feelback
ENV PATH=/opt/venv/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FEELBACK_DATA=/tmp/feelback \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /opt/feelback
USER 10001:10001
EXPOSE 8000
# Only /tmp is written to: run it with a read-only root and a tmpfs there.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python3", "-m", "app.server.healthcheck"]
ENTRYPOINT ["python3", "-m", "app"]
CMD ["serve"]
ARG VERSION=unknown
LABEL org.opencontainers.image.title="Feelback" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
