"""Read a meeting tool's list in a process of its own (kernel.confined)."""

from kernel import list_reading

# What the columns are called by Tencent Meeting, DingTalk, VooV, Zoom; the first that is contained counts.
WORDS = {
    "name": ("姓名", "昵称", "成员名称", "参会人", "参会者", "用户名", "name"),
    "came": ("入会时间", "加入时间", "进入时间", "join time", "enter"),
    "left": ("退会时间", "离会时间", "退出时间", "离开时间", "leave"),
    "phone": ("手机", "电话", "phone"),
}


def answers(data):
    """Yield {"rows": [[name, came, left, phone], …]}, texts as in the file, or {"error": a code of reading}."""
    yield list_reading.answer(data, WORDS, ("name", "came"))
