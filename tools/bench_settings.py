"""The portal's settings with the floors of the benchmark beside its addresses."""

from liangjiang.settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench_urls"
ACCOUNT_RATE_LIMITS = {}
