"""The lake: append-only deliveries, a catalog that acknowledges them, files derived from them."""

from ringfence.lake.compaction import CompactionReport, TableCompaction, compact
from ringfence.lake.contents import Told, acknowledged_batches, live_batches, told_by
from ringfence.lake.deliver import Staging, known_batch, rejects, stage
from ringfence.lake.expiry import Hold
from ringfence.lake.home import FORMAT_VERSION, Home, create_home, open_home
from ringfence.lake.purge import PurgedTable, PurgeReport, purge
from ringfence.lake.receipt import Receipt, Reject
from ringfence.lake.snapshot import snapshot
from ringfence.lake.status import BatchStatus, Status, TableStatus, files, status
from ringfence.lake.verification import Fault, VerifyReport, verify
from ringfence.lake.withdrawal import BatchAct, reinstate, withdraw

__all__ = [
    "FORMAT_VERSION",
    "BatchAct",
    "BatchStatus",
    "CompactionReport",
    "Fault",
    "Hold",
    "Home",
    "PurgeReport",
    "PurgedTable",
    "Receipt",
    "Reject",
    "Staging",
    "Status",
    "TableCompaction",
    "TableStatus",
    "Told",
    "VerifyReport",
    "acknowledged_batches",
    "compact",
    "create_home",
    "files",
    "known_batch",
    "live_batches",
    "open_home",
    "purge",
    "reinstate",
    "rejects",
    "snapshot",
    "stage",
    "status",
    "told_by",
    "verify",
    "withdraw",
]
