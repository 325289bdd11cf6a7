"""Exit 1 with one sentence where the settings cannot work: before a server starts its workers.

A web server whose workers end at once starts new ones for ever and says that it is up.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangjiang.settings")


def main():
    """Load the settings; they refuse what is missing or unsound (kernel.env)."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        return 0 if settings.PORTAL_ENV else 1
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
