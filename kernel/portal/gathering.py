"""Declarations found, checked and put together."""

from contextlib import contextmanager
from functools import cache
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from kernel.portal.declaration import FIELDS, Declaration

MODULE = "portal"
# What is named "app.name" has to begin with the label of the app that declares it.
OWN = ("notices", "verbs", "joint", "beat", "queues")
_added = {}


@cache
def _load():
    by_app = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, MODULE):
            module = import_module(f"{config.name}.{MODULE}")
            if isinstance(declared := getattr(module, "declaration", None), Declaration):
                _check(config.label, declared)
                by_app[config.label] = declared
    return by_app


def _check(label, declared):
    """Refuse names that would be another app's: a mistake here is met when the portal starts."""
    names = [name for field in OWN for name in getattr(declared, field) or {}]
    names += [name for granted in (declared.permissions or {}).values() for name in granted]
    if foreign := [name for name in names if not name.startswith(f"{label}.")]:
        raise ImproperlyConfigured(f"{label}.{MODULE} declares what is not its own: {foreign}")


def declarations():
    """Return {app label: Declaration} of the apps that declare something, the lowest first."""
    return _load() | _added


def _pieces(field):
    if field not in FIELDS:
        raise AttributeError(f"an app declares no {field!r}")
    return [(app, getattr(declared, field)) for app, declared in declarations().items()]


@cache
def merged(field):
    """Return one dict of what all apps declare under `field`; a name declared twice is refused."""
    together = {}
    for app, piece in _pieces(field):
        if twice := together.keys() & (piece or {}).keys():
            raise ImproperlyConfigured(f"{app}.{MODULE} repeats {field}: {sorted(twice)}")
        together |= piece or {}
    return together


@cache
def listed(field):
    """Return what all apps declare under `field` as one list, by `order` where the things have one."""
    together = []
    for _app, piece in _pieces(field):
        together += piece if isinstance(piece, tuple) else [piece] if piece else []
    return sorted(together, key=lambda piece: getattr(piece, "order", 0))


@contextmanager
def declared(label, declaration):
    """Let one more declaration hold inside the block (for tests of what gathers them)."""
    _check(label, declaration)
    _added[label] = declaration
    _forget()
    try:
        yield
    finally:
        del _added[label]
        _forget()


def _forget():
    merged.cache_clear()
    listed.cache_clear()
