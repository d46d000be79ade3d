# Untested as an image: no Docker engine was at hand. tests/test_deployment.py runs the commands that it runs.
#
#   docker build -t digg-deeper .
#   docker run -p 7860:7860 -v digg-home:/home/digg/data digg-deeper
FROM python:3.11-slim AS build

# PyTorch's CPU wheel index, as its install page names it, keeps gigabytes of CUDA out of the image:
#   docker build --build-arg TORCH_INDEX=... .
ARG TORCH_INDEX=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN pip install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "torch==$(sed -n 's/^torch==//p' constraints.txt)"
COPY corpus corpus
COPY index index
COPY bot bot
RUN pip install --constraint constraints.txt .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 digg && mkdir -p /home/digg/data && chown digg:digg /home/digg/data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DIGG_HOME=/home/digg/data \
    DIGG_HOST=0.0.0.0 \
    DIGG_PORT=7860
USER digg
WORKDIR /home/digg
VOLUME /home/digg/data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["digg-deeper", "serve"]
