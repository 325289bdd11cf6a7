"""A woman is erased (PIPL art. 47): asked for, waited for, carried out by what each app declares."""
