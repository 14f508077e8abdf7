"""The vault: who the subjects are, sealed, apart from the lake."""

from ringfence.vault.backup_key import WrappedKey, backup_key, opened_key
from ringfence.vault.inspecting import CohortStatus, DrillReport, VaultStatus
from ringfence.vault.keys import PSEUDONYMS
from ringfence.vault.master_key import Keeper
from ringfence.vault.model import IDENTITY_FIELDS, Statement, Told
from ringfence.vault.opening import Vault, has_vault, open_vault
from ringfence.vault.staging import Staging
from ringfence.vault.tokens import FINDABLE, NameForms
from ringfence.vault.verifying import VerifyReport

__all__ = [
    "FINDABLE",
    "IDENTITY_FIELDS",
    "PSEUDONYMS",
    "CohortStatus",
    "DrillReport",
    "Keeper",
    "NameForms",
    "Staging",
    "Statement",
    "Told",
    "Vault",
    "VaultStatus",
    "VerifyReport",
    "WrappedKey",
    "backup_key",
    "has_vault",
    "open_vault",
    "opened_key",
]
