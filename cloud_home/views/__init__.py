"""Pages of the Cloud Home. Who may not come in finds nothing at any of these addresses but the first."""
