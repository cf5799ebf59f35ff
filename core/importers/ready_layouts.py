"""Layouts that come with the product, for what common ERPs export: data, in the words of `layouts show`."""

from typing import Any

READY: dict[str, dict[str, Any]] = {}
