"""Letters, their templates, and late interest."""
