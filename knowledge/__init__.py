"""The knowledge base: what is known about AI costs, and the arithmetic on it."""

from knowledge.base import KnowledgeBase
from knowledge.build import build_memory, default_path, ensure
from knowledge.errors import DataError, KnowledgeError, NumberError

__all__ = [
    "DataError",
    "KnowledgeBase",
    "KnowledgeError",
    "NumberError",
    "build_memory",
    "default_path",
    "ensure",
]
