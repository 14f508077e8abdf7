"""A worker that takes others for dead soon, and the database for lost: the real one waits half a
minute.
"""

from __future__ import annotations

import sys

from ringfence_server.running.preparing import prepare
from ringfence_server.running.worker import Pace, work

if __name__ == "__main__":
    prepare(None)
    sys.exit(work(Pace(beat=0.4, silence=2, lost=1, again=0.3)))
