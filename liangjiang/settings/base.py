"""Where the portal runs, its secrets and addresses, from the environment (kernel.env)."""

from pathlib import Path
from urllib.parse import urlsplit

from kernel import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PORTAL_ENV = env.text("PORTAL_ENV", "production")
PRODUCTION = PORTAL_ENV == "production"
TESTING = PORTAL_ENV == "test"
DEBUG = False  # never: the portal shows its own error pages everywhere

SECRET_KEY = env.secret("SECRET_KEY")
FIELD_KEYS = env.secret("FIELD_KEYS")  # SM4 key ring "k2:<32 hex>,k1:<32 hex>", newest first
INDEX_KEY = env.secret("INDEX_KEY")  # 64 hex digits, for blind indexes
DATABASE_URL = env.secret("DATABASE_URL")
REDIS_URL = env.secret("REDIS_URL")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000" if not PRODUCTION else env.MISSING).rstrip(
    "/"
)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or ""])
if not PRODUCTION:
    ALLOWED_HOSTS = ["*"]  # a phone on the same network may open a developer's portal
    SECRET_KEY, INDEX_KEY = SECRET_KEY or "x" * 50, INDEX_KEY or "00" * 32
# The audit chain keeps the key it was begun with when INDEX_KEY is changed.
AUDIT_KEY = env.secret("AUDIT_KEY", INDEX_KEY)
# Only this many proxies in front are believed when they name the client's address.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
