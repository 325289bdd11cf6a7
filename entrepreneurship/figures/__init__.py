"""What staff count of founders and technology: each figure leads to the list it is of.

Success is a venture alive, people employed, money arrived, contracts paid; how many were trained is only beside it.
Staff read exact numbers of what their lists show them; what leaves the department goes by the monthly report's rule.
"""
