"""The log tells of a refused row that it was refused, not what it held."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.log import configure_logging

from kernel.logs import LineFormatter
from talents.models import Talent
from tests import factories

pytestmark = pytest.mark.django_db


def logged(make_message):
    """Return what the log says of a row PostgreSQL refuses."""
    talent = factories.talent(full_name="王小敏")
    # Past what our own saves let through: the log must hold against rows that came otherwise.
    Talent.objects.filter(pk=talent.pk).update(remark="第一行\n第二行.\n第三行")
    try:
        with transaction.atomic():
            Talent.objects.filter(pk=talent.pk).update(verified_at=None)
    except IntegrityError as error:
        assert "王小敏" in str(error)
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, make_message(error), (), sys.exc_info()
        )
        return LineFormatter("{levelname} {message}", style="{").format(record)


@pytest.mark.parametrize("make_message", [lambda error: "500", repr, str])
def test_a_refused_row_is_not_in_the_log(make_message):
    text = logged(make_message)
    assert "talent_verified_has_time" in text and "DETAIL: (left out)" in text
    assert not any(word in text for word in ("王小敏", "wang xiao min", "第一行", "第三行"))


def test_what_follows_is_kept():
    record = logging.makeLogRecord(
        {
            "msg": "DETAIL:  Key (name)=(重庆\n某公司) already exists.\nTraceback\nDETAIL:  Process 7 waits.\nend"
        }
    )
    said = LineFormatter().format(record)
    assert said == "DETAIL: (left out)\nTraceback\nDETAIL:  Process 7 waits.\nend"


def test_the_formatter_is_the_one_in_use():
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    formatters = {
        type(handler.formatter) for handler in logging.getLogger("django.server").handlers
    }
    assert formatters == {LineFormatter}
