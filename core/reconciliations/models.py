"""Reconciliations with customers and their minutes."""
