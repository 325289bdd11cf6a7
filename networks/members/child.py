"""Read a list of members in a process of its own (kernel.confined)."""

from kernel import list_reading

WORDS = {
    "name": ("姓名", "name"),
    "phone": ("手机", "电话", "phone"),
    "code": ("人才编号", "talent number"),
    "joined": ("入会", "joined"),
    "until": ("到期", "有效期", "until"),
}


def answers(data):
    """Yield {"rows": [[name, phone, code, first day, last day], …]}, texts as in the file, or {"error": a code}."""
    yield list_reading.answer(data, WORDS, ("name", "joined", "until"))
