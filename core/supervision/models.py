"""Meetings of supervision and what was agreed in them."""
