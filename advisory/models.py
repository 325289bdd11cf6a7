"""All tables of the app, by theme."""

from advisory.consultations.models import *  # noqa: F403
from advisory.suggestions.models import *  # noqa: F403
