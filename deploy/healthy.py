"""Exit 0 when this container's web server answers 200 at an address: `healthy.py healthz`.

The image has neither curl nor wget, and needs none.
"""

import os
import sys
import urllib.parse
import urllib.request


def main():
    """Ask the address named by the first argument; `healthz` without one."""
    path = sys.argv[1] if len(sys.argv) > 1 else "healthz"
    port = os.environ.get("WEB_PORT", "8000")
    host = urllib.parse.urlsplit(os.environ.get("SITE_URL", "")).hostname or "127.0.0.1"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
