"""The demo company: an invented Mexican distributor, to see every screen at work."""

from core.policies.settings import is_demo

__all__ = ["is_demo"]
