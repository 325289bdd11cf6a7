"""Workplaces where mothers stay in research: what units offer, as they state it and somebody confirmed."""
