"""The four periods: what the law gives women at work, as dated rules, and her own calculator, which keeps nothing."""
