"""Stages after internal collection: prelegal, agency, legal."""
