"""Asking women: what each may be asked for, the record of each time she was, and who is asked next."""
