"""The portal's settings with the floors of the benchmark beside its addresses.

Nothing that costs time is switched off. Two limits are lifted while counting against them goes on: that of
tokens, which the benchmark fetches all from one address, and of text messages, fifty for each woman.
"""

from liangjiang.settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench_urls"
API_TOKENS_PER_MINUTE = 10**9
SMS_BUDGETS = dict.fromkeys(SMS_BUDGETS, 10**9)  # noqa: F405
