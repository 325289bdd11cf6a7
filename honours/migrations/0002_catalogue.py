"""The honours the policy names (measure 5), where the catalogue begins; staff keep it from then on."""

from django.db import migrations

NATION, CITY = "中华全国妇女联合会", "重庆市妇女联合会"
DISTRICT = "重庆两江新区妇女联合会"
STARTING = (
    (
        "national_red_banner_pacesetter",
        "全国三八红旗手标兵",
        "National March 8th Red-Banner Pacesetter",
        "national",
        "person",
        NATION,
    ),
    (
        "national_red_banner_holder",
        "全国三八红旗手",
        "National March 8th Red-Banner Holder",
        "national",
        "person",
        NATION,
    ),
    (
        "national_red_banner_collective",
        "全国三八红旗集体",
        "National March 8th Red-Banner Collective",
        "national",
        "team",
        NATION,
    ),
    (
        "national_model_post",
        "全国巾帼文明岗",
        "National Women's Model Post",
        "national",
        "post",
        NATION,
    ),
    (
        "national_achievement_pacesetter",
        "全国巾帼建功标兵",
        "National Women's Achievement Pacesetter",
        "national",
        "person",
        NATION,
    ),
    (
        "red_banner_holder",
        "重庆市三八红旗手",
        "Chongqing March 8th Red-Banner Holder",
        "municipal",
        "person",
        CITY,
    ),
    (
        "red_banner_collective",
        "重庆市三八红旗集体",
        "Chongqing March 8th Red-Banner Collective",
        "municipal",
        "team",
        CITY,
    ),
    ("model_post", "重庆市巾帼文明岗", "Chongqing Women's Model Post", "municipal", "post", CITY),
    (
        "achievement_pacesetter",
        "重庆市巾帼建功标兵",
        "Chongqing Women's Achievement Pacesetter",
        "municipal",
        "person",
        CITY,
    ),
    (
        "inspiring_striver",
        "两江新区最美巾帼奋斗者",
        "Liangjiang's Most Inspiring Women Strivers",
        "district",
        "person",
        DISTRICT,
    ),
)
FIELDS = ("code", "name", "name_en", "level", "for_whom", "granted_by")


def add(apps, schema_editor):
    """Add what is missing."""
    rows = apps.get_model("honours", "Honour").objects.using(schema_editor.connection.alias)
    for values in STARTING:
        row = dict(zip(FIELDS, values, strict=True))
        rows.get_or_create(code=row.pop("code"), defaults=row)


class Migration(migrations.Migration):
    dependencies = [("honours", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
