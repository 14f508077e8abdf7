"""What may be done for people who are followed: each act is one transaction with its audit."""

from ringfence_server.follow_ups.days import make_days
from ringfence_server.follow_ups.knowing import known_anew
from ringfence_server.follow_ups.releasing import give_up, release

__all__ = ["give_up", "known_anew", "make_days", "release"]
