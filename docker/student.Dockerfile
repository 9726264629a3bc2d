# What a JupyterHub starts for each student: JupyterLab, nbgrader's assignment list, `utils`, and no solution.
FROM python:3.12-slim-bookworm

COPY requirements.lock dist/backpropagation_course_student-*.whl /tmp/course/
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu \
        "$(grep '^torch==' /tmp/course/requirements.lock)" \
    && pip install --no-cache-dir --constraint /tmp/course/requirements.lock \
        /tmp/course/*.whl jupyterhub nbgrader \
    && rm -r /tmp/course

# Of nbgrader a student has the list of assignments and the button `Validate`, not what is an instructor's.
RUN jupyter labextension disable --level=sys_prefix @jupyter/nbgrader:create-assignment \
    && jupyter labextension disable --level=sys_prefix @jupyter/nbgrader:formgrader \
    && jupyter server extension disable --sys-prefix nbgrader.server_extensions.formgrader

# By this name nbgrader knows that JupyterHub says who somebody is.
RUN useradd --create-home --uid 1000 jovyan
USER jovyan
WORKDIR /home/jovyan
CMD ["jupyterhub-singleuser"]
