# Two stages: the first installs the hashed lock and builds translations, style sheets and static
# files; the second holds what runs, as a user without rights.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /srv/portal
COPY requirements/ requirements/
# A mirror of the package index, from PIP_INDEX_URL in .env; pip reads it as it is, uv has to be told.
ARG PIP_INDEX_URL=""
RUN python -m venv --without-pip /opt/venv \
    && pip install --no-cache-dir --require-hashes --no-deps -r requirements/uv.txt \
    && uv pip install ${PIP_INDEX_URL:+--default-index "$PIP_INDEX_URL"} \
        --no-cache --python /opt/venv/bin/python --require-hashes -r requirements/base.txt
# Real SMS through Alibaba Cloud: docker compose build --build-arg EXTRAS=aliyun
ARG EXTRAS=""
RUN for list in ${EXTRAS}; do \
        uv pip install ${PIP_INDEX_URL:+--default-index "$PIP_INDEX_URL"} \
            --no-cache --python /opt/venv/bin/python --require-hashes \
            -r "requirements/${list}.txt" || exit 1; \
    done
COPY . .
# The settings ask for secrets; these are thrown away with the command and open nothing. Production
# would ask for a working SMS gateway as well; the files are the same.
RUN /opt/venv/bin/python -m tools.assets \
    && PORTAL_ENV=development SECRET_KEY=only-for-the-build-only-for-the-build-only-for-it-0123 \
        FIELD_KEYS="k1:00000000000000000000000000000000" \
        INDEX_KEY=0000000000000000000000000000000000000000000000000000000000000000 \
        DATABASE_URL=postgresql://build@localhost/build REDIS_URL=redis://localhost/0 \
        /opt/venv/bin/python manage.py collectstatic --no-input --clear --ignore src --verbosity 0 \
    && rm -rf tests var \
    && chmod -R a+rX,go-w .
# Readable by the portal's user even where the project was fetched under a strict umask.

FROM python:3.11-slim-bookworm AS portal
# No system packages: the reports' Chinese font comes as a Python package.
RUN useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /var/lib/portal /var/lib/anchors
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    PORTAL_ENV=production VAR_DIR=/var/lib/portal
WORKDIR /srv/portal
# By number, so that a cluster can see that it is not root.
USER 10001
VOLUME /var/lib/portal /var/lib/anchors
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "deploy/healthy.py", "healthz"]
CMD ["deploy/web"]
