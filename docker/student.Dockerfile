# What a JupyterHub starts for each student: JupyterLab, nbgrader's assignment list and `utils`; no solutions.
FROM python:3.12-slim-bookworm

COPY requirements.lock dist/backpropagation_course_student-*.whl /tmp/course/
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu \
        "$(grep '^torch==' /tmp/course/requirements.lock)" \
    && pip install --no-cache-dir --constraint /tmp/course/requirements.lock \
        /tmp/course/*.whl jupyterhub nbgrader \
    && rm -r /tmp/course

# Students get nbgrader's list of assignments and its button `Validate`, but not the instructor's pages.
RUN jupyter labextension disable --level=sys_prefix @jupyter/nbgrader:create-assignment \
    && jupyter labextension disable --level=sys_prefix @jupyter/nbgrader:formgrader \
    && jupyter server extension disable --sys-prefix nbgrader.server_extensions.formgrader

# From this user name nbgrader concludes that JupyterHub identifies users.
RUN useradd --create-home --uid 1000 jovyan
USER jovyan
WORKDIR /home/jovyan
CMD ["jupyterhub-singleuser"]
