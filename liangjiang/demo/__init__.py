"""Demo data: a believable small world of invented people, the same on every machine.

Identity numbers carry the sequence 000, which is never issued; phones are 140-0000-xxxx, a range no
operator uses; addresses end in example.cn.
"""
