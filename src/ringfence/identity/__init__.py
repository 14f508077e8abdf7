"""Which subjects are one person: links, merges and splits as acts that move nothing in the lake."""

from ringfence.identity.acting import Acted, merge, split, undo
from ringfence.identity.known import persons_at, snapshot

__all__ = ["Acted", "merge", "persons_at", "snapshot", "split", "undo"]
