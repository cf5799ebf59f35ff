"""The demo company: an invented Mexican distributor, to see every screen at work."""

from core.demo.loading import DOCUMENTS, DemoUser, NotEmpty, load
from core.policies.settings import is_demo

__all__ = ["DOCUMENTS", "DemoUser", "NotEmpty", "is_demo", "load"]
