"""Asked and answered: women consulted before decisions are made (measure 1). One package for each theme."""
