"""The WSGI callable the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from kernel.uploads import WithLength

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangjiang.settings")

application = WithLength(get_wsgi_application())
