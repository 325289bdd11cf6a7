"""One function for each thing that happens to a venture."""

from entrepreneurship.ventures.operations.keeping import (
    create_venture,
    export_ventures,
    save_venture,
)

__all__ = ["create_venture", "export_ventures", "save_venture"]
