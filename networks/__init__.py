"""Associations of women in science and technology, and women's share in all of them (measure 7): a package for each theme."""
