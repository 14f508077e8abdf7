"""Tables of the store. Times are microseconds since 1970; the newest step is the state."""

REQUESTS = (
    """
    CREATE TABLE IF NOT EXISTS request (
        number INTEGER PRIMARY KEY,
        digest TEXT NOT NULL,
        agency TEXT NOT NULL,
        basis TEXT NOT NULL,
        case_key TEXT NOT NULL,
        tables TEXT NOT NULL,
        first INTEGER NOT NULL,
        until INTEGER NOT NULL CHECK (until > first),
        places TEXT NOT NULL,
        services TEXT NOT NULL,
        due INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS request_digest ON request (digest)",
    """
    CREATE TABLE IF NOT EXISTS request_step (
        number INTEGER NOT NULL REFERENCES request (number),
        step INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'late', 'withdrawn')),
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        batch TEXT CHECK ((batch IS NOT NULL) = (state IN ('answered', 'late'))),
        received INTEGER CHECK ((received IS NOT NULL) = (batch IS NOT NULL)),
        reason TEXT CHECK (state <> 'withdrawn' OR reason IS NOT NULL),
        rows INTEGER CHECK ((rows IS NOT NULL) = (batch IS NOT NULL)),
        beyond INTEGER CHECK ((beyond IS NOT NULL) = (batch IS NOT NULL)),
        PRIMARY KEY (number, step)
    ) STRICT
    """,
)

LISTS = (
    """
    CREATE TABLE IF NOT EXISTS list (
        number INTEGER PRIMARY KEY,
        batch TEXT NOT NULL UNIQUE,
        agency TEXT NOT NULL,
        basis TEXT NOT NULL,
        case_key TEXT,
        file TEXT NOT NULL,
        form TEXT NOT NULL,
        rows_in INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS list_step (
        number INTEGER NOT NULL REFERENCES list (number),
        step INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('received', 'signed', 'answered', 'withdrawn')),
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        digest TEXT CHECK ((digest IS NOT NULL) = (state IN ('signed', 'answered'))),
        reason TEXT CHECK (state <> 'withdrawn' OR reason IS NOT NULL),
        PRIMARY KEY (number, step)
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS list_part (
        number INTEGER NOT NULL REFERENCES list (number),
        part INTEGER NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (number, part)
    ) STRICT, WITHOUT ROWID
    """,
    # A row is of a person, or is refused for a reason. `told_at`: the row under which the vault
    # keeps what it says, since what is said twice is kept once.
    """
    CREATE TABLE IF NOT EXISTS list_row (
        number INTEGER NOT NULL REFERENCES list (number),
        row INTEGER NOT NULL,
        person INTEGER,
        subject TEXT,
        told_at INTEGER,
        emptied TEXT NOT NULL DEFAULT '',
        field TEXT,
        reason_en TEXT,
        reason_zh TEXT,
        PRIMARY KEY (number, row),
        CHECK ((person IS NULL) = (reason_en IS NOT NULL)),
        CHECK ((person IS NULL) = (subject IS NULL))
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS list_row_person ON list_row (number, person)",
    """
    CREATE TABLE IF NOT EXISTS list_mark (
        mark TEXT NOT NULL,
        number INTEGER NOT NULL REFERENCES list (number),
        person INTEGER NOT NULL,
        document INTEGER NOT NULL,
        has_document INTEGER NOT NULL,
        PRIMARY KEY (mark, number, person)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS list_known (
        number INTEGER NOT NULL REFERENCES list (number),
        person INTEGER NOT NULL,
        subject TEXT NOT NULL,
        how TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (number, person, subject)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS list_place (
        number INTEGER NOT NULL REFERENCES list (number),
        person INTEGER NOT NULL,
        step INTEGER NOT NULL,
        division TEXT NOT NULL,
        how TEXT NOT NULL CHECK (how IN ('list', 'vault', 'hand')),
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        PRIMARY KEY (number, person, step)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS list_act (
        number INTEGER NOT NULL REFERENCES list (number),
        person INTEGER NOT NULL,
        step INTEGER NOT NULL,
        act TEXT NOT NULL CHECK (act IN ('sent', 'answered')),
        unit TEXT CHECK ((unit IS NOT NULL) = (act = 'sent')),
        outcome TEXT CHECK ((outcome IS NOT NULL) = (act = 'answered')),
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        PRIMARY KEY (number, person, step)
    ) STRICT, WITHOUT ROWID
    """,
)
