# Two stages: the first builds the virtual environment from the lock, the second only runs it.
FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir uv==0.13.9
COPY requirements.txt .
RUN /opt/uv/bin/uv venv /opt/venv && \
    /opt/uv/bin/uv pip install --no-cache --compile-bytecode --require-hashes --python /opt/venv/bin/python -r requirements.txt
COPY . .
RUN export SECRET_KEY=only-for-the-build DATA_DIR=/tmp/build && \
    key=$(/opt/venv/bin/python -m moirai.crypto.make_key) && export ENCRYPTION_KEYS=$key LOOKUP_KEY=$key && \
    /opt/venv/bin/python manage.py compile_translations && \
    /opt/venv/bin/python manage.py collectstatic --noinput && \
    /opt/venv/bin/python -m compileall -q .

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home moirai && install -d -o moirai -g moirai /var/lib/moirai
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH DATA_DIR=/var/lib/moirai PYTHONUNBUFFERED=1 WEB_BIND=0.0.0.0:8000
USER moirai
EXPOSE 8000
CMD ["gunicorn", "moirai.wsgi", "--config", "deploy/gunicorn.conf.py"]
