"""The rules the portal starts with; staff edit them in the admin from then on."""

from datetime import date

from django.db import migrations

# What measure 9 names that the portal records today: attendance and volunteer service.
RULES = [
    ("event_attendance", "参加活动", "Attending an event", "event", 10, 200),
    ("volunteer_hours", "志愿服务", "Volunteer service", "hour", 20, None),
]


def add_rules(apps, schema_editor):
    """Add the rules that are not there yet."""
    rule = apps.get_model("care_points", "EarningRule")
    for code, name, name_en, unit, points, cap in RULES:
        rule.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": name_en,
                "unit": unit,
                "points": points,
                "yearly_cap": cap,
                "valid_months": 36,
                "active_from": date(2022, 2, 24),
            },
        )


class Migration(migrations.Migration):
    """Data only; undone by hand, because ledger lines point at the rules."""

    dependencies = [("care_points", "0002_ledger_guards")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
