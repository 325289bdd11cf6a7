"""Whose record it is, and who she is: changes of a verified identity and claims of reported records."""
