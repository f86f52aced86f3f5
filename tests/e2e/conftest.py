"""Fixtures that every e2e test may ask for."""

from tests.e2e.tornet import tornet

__all__ = ["tornet"]
