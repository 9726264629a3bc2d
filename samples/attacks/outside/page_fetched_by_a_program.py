"""A program and a magic fetch a page from this machine."""
# covers: network
# honest: exercise2
# %% first
import os, subprocess, sys, urllib.request

FETCH = "import urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:@PORT@/', timeout=1)"
for fetch in (lambda: exec(FETCH), lambda: subprocess.run([sys.executable, "-c", FETCH], timeout=10)):
    try:
        fetch()
    except Exception as error:
        print(type(error), error)
