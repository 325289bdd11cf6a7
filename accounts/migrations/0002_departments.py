"""The seven bodies that issued the ten measures, in the order the policy names them."""

from django.db import migrations

DEPARTMENTS = [
    (
        "women_federation",
        "重庆两江新区妇女联合会",
        "区妇联",
        "Women's Federation of Chongqing Liangjiang New Area",
    ),
    (
        "organisation_personnel",
        "重庆两江新区组织人事部",
        "组织人事部",
        "Organisation and Personnel Department of Chongqing Liangjiang New Area",
    ),
    (
        "industry_promotion",
        "重庆两江新区产业促进局",
        "产业促进局",
        "Industry Promotion Bureau of Chongqing Liangjiang New Area",
    ),
    (
        "science_innovation",
        "重庆两江新区科技创新局",
        "科技创新局",
        "Science, Technology and Innovation Bureau of Chongqing Liangjiang New Area",
    ),
    (
        "social_development",
        "重庆两江新区社会发展局",
        "社会发展局",
        "Social Development Bureau of Chongqing Liangjiang New Area",
    ),
    (
        "social_security",
        "重庆两江新区社会保障局",
        "社会保障局",
        "Social Security Bureau of Chongqing Liangjiang New Area",
    ),
    (
        "trade_union",
        "重庆两江新区总工会",
        "区总工会",
        "Federation of Trade Unions of Chongqing Liangjiang New Area",
    ),
]


def add(apps, schema_editor):
    """Make the seven rows, or mend their names."""
    department = apps.get_model("accounts", "Department")
    for order, (code, name, short_name, name_en) in enumerate(DEPARTMENTS, start=1):
        department.objects.update_or_create(
            code=code,
            defaults={
                "name": name,
                "short_name": short_name,
                "name_en": name_en,
                "order": order,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
