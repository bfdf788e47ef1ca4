# Built with the same set-up script that the tests run. Data lie in /data, the master key in /keys: two volumes, so that
# a copy of the one is useless without the other. The root file system may be read-only (compose.yaml).
FROM python:3.13-slim AS setup
ENV SPENDBOT_VENV=/venv SPENDBOT_UV_DIR=/uv UV_COMPILE_BYTECODE=1
WORKDIR /app
COPY . .
RUN ./spendbot setup && /venv/bin/python -m compileall -q .

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    MPLCONFIGDIR=/tmp/matplotlib \
    SPENDBOT_CONFIG_DIR=/keys \
    SPENDBOT_DATA_DIR=/data \
    SPENDBOT_HTTP_PORT=8080
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin spendbot \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data /keys
COPY --from=setup /venv /venv
COPY --from=setup /app /app
WORKDIR /app
USER 10001:10001
VOLUME ["/data", "/keys"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["spendbot"]
CMD ["run"]
