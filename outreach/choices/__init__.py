"""Which subjects girls and boys chose at a school in a year: counts alone (measure 10)."""
