"""What the fields of a kept form are called: the form itself is gone, its class is not."""

from django import forms
from django.urls import Resolver404, resolve

from kernel import portal


def labels(path, names):
    """Return {name: words} for the fields of the form that was sent to `path`, as far as they are known.

    It is the form of the address's app that asks for most of these names, and for the fewest others.
    """
    best = max(_forms(_app(path)), key=lambda form: _fit(form, names), default=None)
    return _asked(best, names)


def _app(path):
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    owner = match.func.__module__.partition(".")[0]
    # The admin's pages are Django's, under names that begin with the app.
    candidates = (owner, (match.url_name or "").partition("_")[0])
    return next((app for app in candidates if app in portal.declarations()), "")


def _forms(app, base=forms.BaseForm):
    """Yield the form classes of an app."""
    for form in base.__subclasses__():
        if form.__module__.startswith(f"{app}."):
            yield form
        yield from _forms(app, form)


def _fit(form, names):
    found = len(_asked(form, names))
    return found, found - len(getattr(form, "base_fields", {}))


def _asked(form, names):
    fields = getattr(form, "base_fields", {})
    found = {name: fields[name].label for name in names if name in fields}
    return {name: words for name, words in found.items() if words}
