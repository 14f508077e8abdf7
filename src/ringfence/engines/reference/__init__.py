"""The oracle: what the rules mean, in plain Python, slow and easy to check by eye."""

from ringfence.engines.reference.engine import ReferenceEngine

__all__ = ["ReferenceEngine"]
