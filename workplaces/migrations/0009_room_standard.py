"""Tiers and criteria of mothers' rooms as the portal began with them; nobody has compared them with the source yet."""

from datetime import date

from django.db import migrations

SOURCE = "本平台试行标准，参照国卫指导发〔2016〕63 号的母婴设施基本配置"
BEGAN = date(2022, 1, 1)
TIERS = (
    (1, "达标小屋", "Standard room", 0),
    (2, "优质小屋", "Good room", 3),
    (3, "示范小屋", "Model room", 6),
)
MUSTS = (
    (
        "private",
        "门能从里面锁上，从外面看不见里面",
        "The door locks from inside and nobody can look in",
    ),
    ("seat", "有带靠背的座椅", "There is a seat with a back"),
    ("table", "有干净的台面", "There is a clean table top"),
    ("socket", "座位旁有电源插座，能用吸奶器", "There is a socket by the seat, for a breast pump"),
    ("washing", "室内或旁边能洗手", "Hands can be washed in the room or next to it"),
    ("bin", "有带盖的垃圾桶", "There is a bin with a lid"),
    ("floor", "地面防滑", "The floor is not slippery"),
    ("clean", "每天打扫，有记录", "It is cleaned every day, and that is noted down"),
    ("sign", "门口写明开放时间和联系电话", "Hours and a phone number stand at the door"),
)
PLUSES = (
    ("fridge", "有只放母乳的冰箱", "There is a fridge for milk alone"),
    ("size", "面积不小于 10 平方米", "It has 10 square metres or more"),
    ("changing", "有带安全扣的尿布台", "There is a changing table with a safety belt"),
    ("hot_water", "有热水", "There is hot water"),
    ("steriliser", "有消毒器", "There is a steriliser"),
    ("crib", "有婴儿床", "There is a crib"),
    ("guide", "有母乳喂养的资料", "There is material on breastfeeding"),
    ("engaged", "门口看得出有没有人在用", "One sees at the door whether it is in use"),
)  # fmt: skip


def add(apps, schema_editor):
    """Add the lines; `checked_on` is empty."""
    tier, criterion = (apps.get_model("workplaces", name) for name in ("RoomTier", "RoomCriterion"))
    dated = {"valid_from": BEGAN, "source": SOURCE}
    for rank, name, name_en, pluses in TIERS:
        tier.objects.create(rank=rank, name=name, name_en=name_en, pluses=pluses, **dated)
    for must, lines in ((True, MUSTS), (False, PLUSES)):
        for code, words, words_en in lines:
            criterion.objects.create(code=code, words=words, words_en=words_en, must=must, **dated)


class Migration(migrations.Migration):
    dependencies = [("workplaces", "0008_rooms")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
