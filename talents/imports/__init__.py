"""Lists that units send in, on their way into the talent database.

`workbook` reads the form and judges its cells, `matching` decides whose record a row is, `operations`
takes a form in, confirms or drops it, `running` does the work of a run in chunks, `rows` stores a row
and brings it back, `problems` words what is wrong, `pages` and `admin` show it to a clerk.
"""
