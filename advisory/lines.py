"""One thing on a woman's line of time, as every theme tells it."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Line:
    """A thing with its day: `kind` is what sort of thing ("咨询"), `note` where it stands; `waits`: for her word."""

    day: date
    kind: Any
    title: str
    note: Any
    link: str
    waits: bool = False
