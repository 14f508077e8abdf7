"""What may be done with hand-overs: each act is one transaction with its row of the audit."""

from ringfence_server.hand_overs.answering import answer_offer
from ringfence_server.hand_overs.partners import confirm, end, enter
from ringfence_server.hand_overs.receiving import answer, read
from ringfence_server.hand_overs.sending import preview, send, take_back

__all__ = [
    "answer",
    "answer_offer",
    "confirm",
    "end",
    "enter",
    "preview",
    "read",
    "send",
    "take_back",
]
