"""Did a visit matter? Three questions before, after and eight weeks later, as counts; classes that still wait are the comparison (measure 10)."""
