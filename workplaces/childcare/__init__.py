"""Childcare: nurseries as their units state them, held against dated rules. No child is ever stored."""
