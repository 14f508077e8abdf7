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
        PRIMARY KEY (number, step)
    ) STRICT
    """,
)

LISTS: tuple[str, ...] = ()
