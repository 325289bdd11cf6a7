"""The portal's settings with the floors of the benchmark beside its addresses.

Nothing that costs time is switched off. The limit of tokens is lifted, which the benchmark fetches all
from one address.
"""

from liangjiang.settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench_urls"
API_TOKENS_PER_MINUTE = 10**9
