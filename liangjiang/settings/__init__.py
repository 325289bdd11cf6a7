"""Settings, read from the environment (kernel.env) once; production is the default.

`PORTAL_ENV` is production, development or test; nothing else depends on where the code runs. What
an app adds to the portal it declares itself (kernel.portal) and is not repeated here.
"""

from kernel import env
from liangjiang.settings import soundness
from liangjiang.settings.api import *  # noqa: F403
from liangjiang.settings.apps import *  # noqa: F403
from liangjiang.settings.base import *  # noqa: F403
from liangjiang.settings.data import *  # noqa: F403
from liangjiang.settings.delivery import *  # noqa: F403
from liangjiang.settings.people import *  # noqa: F403
from liangjiang.settings.security import *  # noqa: F403
from liangjiang.settings.site import *  # noqa: F403
from liangjiang.settings.staff import *  # noqa: F403

soundness.refuse_unsound()
env.check()
