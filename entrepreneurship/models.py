"""All tables of the app, by theme."""

from entrepreneurship.bases.models import *  # noqa: F403
from entrepreneurship.finance.models import *  # noqa: F403
from entrepreneurship.learning.models import *  # noqa: F403
from entrepreneurship.plans.models import *  # noqa: F403
from entrepreneurship.transfer.models import *  # noqa: F403
from entrepreneurship.ventures.models import *  # noqa: F403
