"""The web server: `python -m liangjiang.server [--reload | --check]`.

The portal is loaded once, by the process that starts the workers: they are forked from it and share its memory
for as long as they only read it. Nothing may be open by then: a connection would be answered to several processes,
and a thread is not carried over a fork. Each worker opens its own.

`--check` loads it as below and ends: what does not compile is told before anything is taken over.
`--reload` is for a portal under development: the workers load it themselves, so that after SIGHUP others take their
place that have read the files anew.

WEB_HOST, WEB_PORT, WEB_WORKERS and WEB_THREADS are read from the environment (docs/operations/README.md).
"""

import gc
import importlib
import multiprocessing
import sys
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from kernel import env

APPLICATION = "liangjiang.wsgi:application"
# For the requests that are under way: longer than the slowest page, and docker-compose waits longer still.
SECONDS_TO_END = 20
SECONDS_TO_RELOAD = 3


def load():
    """Import the portal, resolve its addresses, compile its templates, and freeze what came of it.

    The collector would write to every object it looks at, which makes each worker a copy of its own.
    """
    gc.disable()
    importlib.import_module(APPLICATION.partition(":")[0])
    _resolve_addresses()
    _compile_templates()
    _import_migrations()
    gc.collect()
    gc.freeze()
    gc.enable()


def _resolve_addresses():
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils import translation

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            _ = get_resolver().reverse_dict  # imports the views of every address


def _compile_templates():
    from django.template import engines

    for engine in engines.all():
        for name in sorted(_template_names(engine)):
            engine.get_template(name)


def _template_names(engine):
    """Return the names of all pages and parts of pages the engine finds."""
    return {
        str(path.relative_to(folder))
        for folder in engine.template_dirs
        for path in Path(folder).rglob("*.html")
    }


def _import_migrations():
    """Read them once: each worker's first `/readyz` asks whether all are applied."""
    from django.db.migrations.loader import MigrationLoader

    MigrationLoader(None)


def server(*, reload):
    """Return granian's server as the environment sets it; with `reload` a worker that fails ends it."""
    return Granian(
        APPLICATION,
        address=env.text("WEB_HOST", "0.0.0.0"),  # noqa: S104 (the container's network is closed)
        port=env.number("WEB_PORT", 8000),
        interface=Interfaces.WSGI,
        workers=env.number("WEB_WORKERS", 2),
        blocking_threads=env.number("WEB_THREADS", 4),
        backlog=1024,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=not reload,
        workers_kill_timeout=SECONDS_TO_RELOAD if reload else SECONDS_TO_END,
    )


def main(arguments):
    """Serve until a signal ends it."""
    if "--check" in arguments:
        load()
        return
    # Named outright: from Python 3.14 on it is not the default, and a spawned worker would load everything itself.
    multiprocessing.set_start_method("fork")
    reload = "--reload" in arguments
    web = server(reload=reload)
    if not reload:
        web.on_startup(load)
    web.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
