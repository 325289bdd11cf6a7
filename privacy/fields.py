"""Model fields for personal data: encrypted at rest, found again through a keyed digest."""

from django.db import models

from privacy import crypto


class EncryptedTextField(models.BinaryField):
    """Text stored as SM4-GCM ciphertext; reads and writes as str. Cannot be filtered or ordered by."""

    description = "encrypted text"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def label(self):
        """Name the column for the cipher's authenticated data; a history table shares its model's."""
        model = getattr(self.model, "instance_type", None) or self.model
        return f"{model._meta.label_lower}.{self.name}"

    def from_db_value(self, value, expression, connection):
        """Decrypt what the database returned."""
        return None if value is None else crypto.decrypt(self.label, value)

    def get_db_prep_value(self, value, connection, prepared=False):
        """Encrypt on the way to the database; empty text is stored as NULL."""
        if value in (None, ""):
            return None
        return super().get_db_prep_value(crypto.encrypt(self.label, value), connection, prepared)

    def get_lookup(self, lookup_name):
        """Refuse every look-up but isnull: equal texts have different ciphertexts."""
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: look up its blind index instead")
        return super().get_lookup(lookup_name)

    def to_python(self, value):
        """Keep text as text (BinaryField would base64-decode it)."""
        return value

    def value_to_string(self, obj):
        """Never serialise the plain text."""
        return ""

    def get_default(self):
        """Empty, as text."""
        if not self.has_default():  # the mark for "no default" is itself callable
            return None
        return self.default() if callable(self.default) else self.default


class BlindIndexField(models.CharField):
    """The keyed digest of a sibling encrypted field, kept in step on every save.

    `source` names the sibling. QuerySet.update() does not run it: write such fields through save().
    """

    def __init__(self, source, **kwargs):
        self.source = source
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("null", True)
        kwargs["editable"] = False
        super().__init__(**kwargs)

    def deconstruct(self):
        """Give migrations the source."""
        name, path, _args, kwargs = super().deconstruct()
        return name, path, [self.source], kwargs

    def pre_save(self, instance, add):
        """Compute the digest from the sibling's present value."""
        value = crypto.blind_index(self.source, getattr(instance, self.source))
        setattr(instance, self.attname, value)
        return value
