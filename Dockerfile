# One image for every role: serve (the default), work, scheduler, migrate, backup, restore.
# The digest is of the index for all architectures, as of October 2026.
ARG BASE=docker.io/library/debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f

FROM ${BASE} AS wheels
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/feelback
COPY requirements-image.lock ./
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/python3 -m pip install --no-cache-dir --disable-pip-version-check --no-input \
        --only-binary :all: --require-hashes -r requirements-image.lock \
    && /opt/venv/bin/python3 -m pip uninstall --yes --disable-pip-version-check pip
# What no process of ours reads: tests and C sources of packages, and descriptions of AWS's services other than S3.
RUN find /opt/venv -type d -name tests -prune -exec rm -rf {} + \
    && find /opt/venv -type f ! -path '*/bin/*' -regex '.*\.\(c\|cpp\|h\|pyx\|pxd\|pyi\|a\)' -delete \
    && find /opt/venv -path '*/botocore/data/*' -prune -type d \
        ! -name s3 ! -name sts ! -name sso ! -name sso-oidc ! -name signin -exec rm -rf {} +
# A checkout may hold files that are nobody's business: of it, only what git tracks. A tree without git is taken whole.
WORKDIR /context
COPY . ./
RUN if [ -e .git/index ]; then \
        git init --quiet /tracked && mv .git/index /tracked/.git/ && git -C /tracked ls-files -z; \
    else find . -type f -print0; fi > /files
# hadolint ignore=SC2016
RUN xargs -0 -a /files sh -c 'for file; do [ ! -e "$file" ] || cp --parents "$file" /opt/feelback/; done' -- \
    && python3 -m compileall -q /opt/feelback/app

FROM ${BASE}
# postgresql-client, age and gpg are for backups.
RUN apt-get update \
    && apt-get install -y --no-install-recommends age ca-certificates gpg gpg-agent postgresql-client python3 tzdata \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin \
    && useradd --system --uid 10001 --home-dir /tmp --no-create-home --shell /usr/sbin/nologin feelback \
    && install --directory --mode 0700 --owner 10001 --group 10001 /backups
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
# Only /tmp is written to: run it with a read-only root and a tmpfs there. A volume at /backups, for backups in a folder,
# gets the owner that the folder has in the image.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python3", "-m", "app.server.healthcheck"]
ENTRYPOINT ["python3", "-m", "app"]
CMD ["serve"]
ARG VERSION=unknown
LABEL org.opencontainers.image.title="Feelback" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
