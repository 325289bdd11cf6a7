"""Telling a personal complaint from a suggestion: by words people use of their own case, never for certain.

Who writes can say that it is not about her own case and go on; nothing of what was led away is stored.
"""

# What happened to oneself, by oneself or by another; each needs a word of the second list near it.
OF_MINE = (
    "我的领导",
    "我单位",
    "我们单位",
    "我公司",
    "我老板",
    "我丈夫",
    "我老公",
    "我前夫",
    "我婆家",
    "我本人",
    "本人被",
    "我被",
    "对我",
    "给我",
    "把我",
    "拖欠我",
)
WRONGS = (
    "家暴",
    "殴打",
    "打我",
    "性骚扰",
    "骚扰",
    "辞退",
    "开除",
    "降薪",
    "调岗",
    "欠薪",
    "工资",
    "赔偿",
    "离婚",
    "抚养权",
    "彩礼",
    "威胁",
    "举报",
    "讨回",
    "说法",
    "起诉",
    "仲裁",
    "纠纷",
)
# Said by nobody who suggests something for others.
ALONE = ("求求", "救救我", "为我做主", "还我公道", "替我讨", "我要投诉", "我要举报")


def looks_personal(*texts):
    """Tell whether texts read like somebody's own case: one sentence has both, or a word that says so alone."""
    text = "".join(filter(None, texts))
    if any(word in text for word in ALONE):
        return True
    return any(_is_hers(sentence) for sentence in _sentences(text))


def _sentences(text):
    for mark in "。！？；!?;\n":
        text = text.replace(mark, "\0")
    return text.split("\0")


def _is_hers(sentence):
    return any(word in sentence for word in OF_MINE) and any(word in sentence for word in WRONGS)
