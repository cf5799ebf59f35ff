"""Payment agreements."""
