"""Founders and technology (measures 3 and 4): one package for each theme, joined in portal.py."""
