"""`make attack`: what somebody who means harm would try, tried on a portal in production mode.

Each case says in its docstring what the attacker wants and what is promised; its control does the same
where the guard is missing, and has to succeed: so a case that says "held" could have said otherwise.
"""
