"""Her public page: off until she switches it on, field by field, and gone at once when she takes it back."""
