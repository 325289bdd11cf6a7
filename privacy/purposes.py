"""What personal data is used for: each purpose is agreed to and withdrawn by itself (PIPL art. 14-16, 29).

An app declares the purposes it has (kernel.portal, field `purposes`) and names them by their code.
"""

from dataclasses import dataclass
from typing import Any

from kernel import portal


@dataclass(frozen=True)
class Purpose:
    """What a person is told about one purpose before she decides.

    `version` is stored with her answer and must change with the words. `sensitive` purposes concern
    sensitive personal information and are asked for separately; those `at_signup` are offered there. A purpose that is
    agreed to for each thing apart has `each`: the name of the page where she decides; the general one leads there.
    """

    code: str
    order: int
    label: Any
    version: str
    data: Any
    why: Any
    withdrawal: Any
    sensitive: bool = False
    at_signup: bool = False
    each: str = ""


def purposes():
    """Return {code: Purpose} of every purpose, in the order people read them."""
    return {purpose.code: purpose for purpose in portal.listed("purposes")}


def choices():
    """Return the purposes as the choices of a model field."""
    return [(purpose.code, purpose.label) for purpose in purposes().values()]


def source_choices():
    """Return the occasions on which people answer as the choices of a model field."""
    return list(portal.merged("consent_sources").items())
