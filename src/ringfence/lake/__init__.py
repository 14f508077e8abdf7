"""The lake: append-only deliveries, a catalog that acknowledges them, files derived from them."""

from ringfence.lake.compaction import CompactionReport, TableCompaction, compact
from ringfence.lake.contents import Told, acknowledged_batches, live_batches, told_by
from ringfence.lake.deliver import Staging, known_batch, rejects, stage
from ringfence.lake.expiry import Hold
from ringfence.lake.home import FORMAT_VERSION, Home, create_home, open_home
from ringfence.lake.import_receipt import ImportReceipt, Skipped, TableCount
from ringfence.lake.imports import ImportOrigin, ImportStaging, Tally, known_import, stage_import
from ringfence.lake.leases import compacting
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
    "ImportOrigin",
    "ImportReceipt",
    "ImportStaging",
    "PurgeReport",
    "PurgedTable",
    "Receipt",
    "Reject",
    "Skipped",
    "Staging",
    "Status",
    "TableCompaction",
    "TableCount",
    "TableStatus",
    "Tally",
    "Told",
    "VerifyReport",
    "acknowledged_batches",
    "compact",
    "compacting",
    "create_home",
    "files",
    "known_batch",
    "known_import",
    "live_batches",
    "open_home",
    "purge",
    "reinstate",
    "rejects",
    "snapshot",
    "stage",
    "stage_import",
    "status",
    "told_by",
    "verify",
    "withdraw",
]
