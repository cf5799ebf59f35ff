"""Screens: one a file, in a folder by area; they ask `core` and show. How one is written: pages/ui/__init__.py."""
