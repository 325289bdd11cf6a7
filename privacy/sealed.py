"""Everything sealed with the ring of FIELD_KEYS, in one list: rotation walks it, the proof reads it.

Encrypted model fields are found by their class, history tables included. What an app seals elsewhere
(second factors in a package's JSON, sessions as text) it declares as `Sealed` in its portal.py; a test
fails on a module that encrypts under a label no place here has.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps

from kernel import portal
from privacy.fields import EncryptedTextField


@dataclass(frozen=True)
class Sealed:
    """A table column with sealed values in it.

    Arguments:
        model: "app.Model"; field: the name of its field.
        label: what the cipher authenticates with each value (privacy.crypto.encrypt).
        rewrite: function(stored, change) that returns the stored value with each sealed value in it
            (bytes) put through `change`; raises ValueError for what it cannot take apart.
        expendable: a row that no key opens is worth nothing and rotation removes it.
    """

    model: str
    field: str
    label: str
    rewrite: Callable
    expendable: bool = False

    def __str__(self):
        return f"{self.model}.{self.field}"

    @property
    def model_class(self):
        """Return the model."""
        return apps.get_model(self.model)


@dataclass(frozen=True)
class Fleeting:
    """Sealed values that are kept outside the database for `seconds` and then gone by themselves.

    Nobody rotates them: rotation tells how long to wait instead. Who reads one whose key is gone takes
    it as not there.
    """

    label: str
    seconds: int


def whole(stored, change):
    """Rewrite a column that holds one sealed value and nothing else."""
    return change(bytes(stored))


def in_base64(stored, change):
    """Rewrite a text column that holds one sealed value in base64."""
    return base64.b64encode(change(base64.b64decode(stored, validate=True))).decode()


def models_with_columns():
    """Return every model that has a table, history tables and many-to-many tables included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def places():
    """Return every Sealed there is: the encrypted fields of all models and what the apps declare."""
    fields = [
        Sealed(model._meta.label, field.name, field.label, whole)
        for model in models_with_columns()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]
    return fields + [entry for entry in portal.listed("sealed") if isinstance(entry, Sealed)]


def fleeting():
    """Return every Fleeting the apps declare."""
    return [entry for entry in portal.listed("sealed") if isinstance(entry, Fleeting)]


def labels():
    """Return the label of everything that is sealed anywhere."""
    return {entry.label for entry in [*places(), *fleeting()]}
