# The image of a machine that grades: docs/containers.md says how to build and start it. It holds the solutions.
FROM python:3.12-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libseccomp2 \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.lock dist/backpropagation_course-*.whl /tmp/course/
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu \
        "$(grep '^torch==' /tmp/course/requirements.lock)" \
    && pip install --no-cache-dir --constraint /tmp/course/requirements.lock \
        "$(ls /tmp/course/*.whl)[cluster,postgres]" \
    && rm -r /tmp/course

# The sandbox needs no root privileges; pass the user id of the mounted course's owner with `--user`.
RUN useradd --create-home --uid 1000 grader
USER grader
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /course
CMD ["autograder", "doctor"]
