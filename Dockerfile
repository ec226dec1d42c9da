# The production image: the locked packages, the code, hashed static files, granian. No build tools, no secrets, no root.
# Settings come from the environment (README, "Settings"). Runs with a read-only root file system.

FROM python:3.12-slim AS packages
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
    && /venv/bin/pip uninstall --yes pip

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WEB_CONCURRENCY=2 \
    GRANIAN_BLOCKING_THREADS=2
RUN groupadd --system --gid 10001 latchkey \
    && useradd --system --uid 10001 --gid latchkey --no-create-home --home-dir /nonexistent latchkey
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY config config
COPY tenants tenants
COPY apis apis
COPY authserver authserver
COPY templates templates
COPY locale locale
# The secrets of this step are words that open nothing; none of them stays in the image.
RUN SECRET_KEY=only-for-this-build-step KEY_ENCRYPTION_KEYS=only-for-this-build-step DATABASE_URL=sqlite://:memory: \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q manage.py config tenants apis authserver
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=3)"]
# exec: the server gets the stop signal itself, finishes what it answers and writes the events that wait.
CMD ["sh", "-c", "exec granian --interface wsgi --host 0.0.0.0 --port 8000 --workers \"$WEB_CONCURRENCY\" --http 1 --no-ws --respawn-failed-workers --workers-kill-timeout 30 --log-level warning config.wsgi:application"]
