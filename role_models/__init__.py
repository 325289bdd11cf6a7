"""Measure 6: stories of women in science and technology, told with their consent, and talks units ask them for."""
