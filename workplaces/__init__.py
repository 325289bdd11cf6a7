"""Mothers stay in research: what the law gives, and what workplaces offer (measure 8). One package for each theme."""
