"""The standard classes of nurseries are held to, as it stood when the portal began."""

from datetime import date

from django.db import migrations

SOURCE = "《托育机构设置标准（试行）》（国卫人口发〔2019〕58 号）"
BEGAN = date(2019, 10, 8)
# Band, most children in a class, most to one carer. Of mixed classes the document gives no ratio.
RULES = (("infant", 10, 3), ("toddler", 15, 5), ("older", 20, 7), ("mixed", 18, None))


def add(apps, schema_editor):
    """Add one row for each band; nobody has held them against the document yet, so `checked_on` is empty."""
    rule = apps.get_model("workplaces", "NurseryRule")
    for band, most, per_carer in RULES:
        rule.objects.create(
            band=band, most=most, per_carer=per_carer, valid_from=BEGAN, source=SOURCE
        )


class Migration(migrations.Migration):
    dependencies = [("workplaces", "0005_childcare")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
