//! The schema, as the steps that made it. A step that was released is never changed: what comes
//! later is a further step, so that a database of every earlier version opens.

/// Step n leads from version n to version n + 1 (`PRAGMA user_version`).
pub const MIGRATIONS: &[&str] = &[
    // 1: the first.
    "CREATE TABLE sweeps (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,
        summary TEXT,
        -- 1 while messages were moved that are still to be packaged; 2 for a search of the target
        -- that is still to be made, after the journal was lost.
        owes INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    -- One row for each place in a mailbox: what was said of the message that lies there, by which
    -- rules. `sha256` is of the whole message, or of its first bytes where only these were
    -- judged and it is no hit.
    CREATE TABLE judged (
        account TEXT NOT NULL,
        folder TEXT NOT NULL,
        place TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        rules TEXT NOT NULL,
        score REAL NOT NULL,
        verdict TEXT NOT NULL,
        -- What is shown of a message that is, or at another level would be, a hit.
        brief TEXT,
        PRIMARY KEY (account, folder, place)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE samples (
        sha256 TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        date TEXT,
        sender_domain TEXT NOT NULL,
        category TEXT NOT NULL,
        kept TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- The journal. A row is written before a message is moved and settled after.
    CREATE TABLE moves (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sweep INTEGER NOT NULL REFERENCES sweeps (id),
        account TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        message_id TEXT,
        sender TEXT NOT NULL,
        subject TEXT NOT NULL,
        size INTEGER NOT NULL,
        flags TEXT NOT NULL,
        date TEXT,
        source TEXT NOT NULL,
        source_place TEXT NOT NULL,
        target TEXT NOT NULL,
        target_place TEXT,
        state TEXT NOT NULL,
        at TEXT NOT NULL,
        notes TEXT NOT NULL
    ) STRICT;
    CREATE INDEX moves_by_message ON moves (account, sha256);
    CREATE INDEX moves_by_state ON moves (account, state);

    -- What a person said against a verdict: such a message is not moved again.
    CREATE TABLE corrections (
        account TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (account, sha256)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE packages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sweep INTEGER NOT NULL REFERENCES sweeps (id),
        account TEXT NOT NULL,
        vendor TEXT NOT NULL,
        category TEXT NOT NULL,
        path TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        part INTEGER NOT NULL,
        parts INTEGER NOT NULL,
        state TEXT NOT NULL,
        letter TEXT NOT NULL UNIQUE,
        recipient TEXT NOT NULL,
        answer TEXT,
        at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX packages_by_state ON packages (account, state);

    -- The key is the promise: no message goes to one vendor twice.
    CREATE TABLE packaged (
        vendor TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        package INTEGER NOT NULL REFERENCES packages (id),
        PRIMARY KEY (vendor, sha256)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX packaged_by_package ON packaged (package);

    -- Whom the owner writes to, as hashes of Message-IDs in the Sent folder; and how far that
    -- folder was read.
    CREATE TABLE correspondence (
        account TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (account, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sent (
        account TEXT NOT NULL,
        folder TEXT NOT NULL,
        place TEXT NOT NULL,
        PRIMARY KEY (account, folder, place)
    ) STRICT, WITHOUT ROWID;",
    // 2: what is new is told by the mailbox.
    "-- How a folder stood when it was read to the end, in a word of the mailbox's own, and what
    -- it was read for.
    CREATE TABLE folders (
        account TEXT NOT NULL,
        folder TEXT NOT NULL,
        reader TEXT NOT NULL,
        mark TEXT NOT NULL,
        messages INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        skipped TEXT NOT NULL,
        rules TEXT NOT NULL,
        since_hours INTEGER,
        PRIMARY KEY (account, folder, reader)
    ) STRICT, WITHOUT ROWID;

    -- The few that are shown again at each sweep are found without reading all that was judged.
    CREATE INDEX judged_hits ON judged (account, folder, score) WHERE brief IS NOT NULL;
    CREATE INDEX sweeps_owing ON sweeps (account) WHERE owes = 1;",
    // 3: of a new ruleset only the rules run that changed.
    "CREATE TABLE rulesets (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        rules TEXT NOT NULL UNIQUE,
        texts TEXT NOT NULL
    ) STRICT;",
    // 4: what is unread stays so through a break.
    "-- Unread messages that are being read on a server which marks what is only looked at: what a
    -- break leaves marked is marked unread again.
    CREATE TABLE unread (
        account TEXT NOT NULL,
        folder TEXT NOT NULL,
        place TEXT NOT NULL,
        PRIMARY KEY (account, folder, place)
    ) STRICT, WITHOUT ROWID;",
    // 5: to whom the owner writes.
    "-- Hashes of the addresses that the owner wrote to. What was sent is read once more for them.
    CREATE TABLE recipients (
        account TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (account, hash)
    ) STRICT, WITHOUT ROWID;
    DELETE FROM sent;
    DELETE FROM folders WHERE reader = 'sent';",
    // 6: hits are known wherever they lie.
    "-- What is shown of each message that was found to be a hit, or would be one at another level:
    -- where it was seen last, and what was said of it. It stays when the message is moved.
    CREATE TABLE hits (
        account TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        folder TEXT NOT NULL,
        place TEXT NOT NULL,
        date TEXT,
        size INTEGER NOT NULL,
        name TEXT NOT NULL,
        sender TEXT NOT NULL,
        subject TEXT NOT NULL,
        category TEXT NOT NULL,
        score REAL NOT NULL,
        reason TEXT NOT NULL,
        -- The rules that fired, as a list.
        rules TEXT NOT NULL,
        verdict TEXT NOT NULL,
        brief TEXT NOT NULL,
        -- Why it stays where it is unless somebody asks by name.
        held TEXT,
        PRIMARY KEY (account, sha256)
    ) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO hits
        SELECT account, sha256, folder, place, NULL, 0, '', coalesce(json_extract(brief, '$.from'), ''),
               coalesce(json_extract(brief, '$.subject'), ''),
               iif((SELECT total(json_extract(value, '$.weight')) FROM json_each(verdict, '$.findings')
                    WHERE json_extract(value, '$.weight') > 0 AND json_extract(value, '$.category') = 'spam')
                   > (SELECT total(json_extract(value, '$.weight')) FROM json_each(verdict, '$.findings')
                      WHERE json_extract(value, '$.weight') > 0
                      AND json_extract(value, '$.category') = 'phishing'), 'spam', 'phishing'),
               score, coalesce(json_extract(verdict, '$.findings[0].says'), ''),
               (SELECT json_group_array(json_extract(value, '$.rule')) FROM json_each(verdict, '$.findings')),
               verdict, brief, NULL
        FROM judged WHERE brief IS NOT NULL AND json_valid(verdict) AND json_valid(brief);
    CREATE INDEX judged_by_message ON judged (account, sha256) WHERE brief IS NOT NULL;

    -- What a person said of a message.
    CREATE TABLE words (
        account TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        word TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (account, sha256)
    ) STRICT, WITHOUT ROWID;",
    // 7: what the history shows, and what a person reports.
    "-- Whether a run was a sweep, and what it did in numbers (JSON).
    ALTER TABLE sweeps ADD COLUMN kind TEXT NOT NULL DEFAULT 'sweep';
    ALTER TABLE sweeps ADD COLUMN figures TEXT;

    -- How a package left, and the letter where a person wrote it otherwise than the vendor's file.
    ALTER TABLE packages ADD COLUMN way TEXT;
    ALTER TABLE packages ADD COLUMN subject TEXT;
    ALTER TABLE packages ADD COLUMN body TEXT;

    -- The key is the promise: no message goes to one vendor twice as the same, but where a person
    -- asks for it once more; `again` counts how often.
    CREATE TABLE packaged_for (
        vendor TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        purpose TEXT NOT NULL DEFAULT 'spam',
        again INTEGER NOT NULL DEFAULT 0,
        package INTEGER NOT NULL REFERENCES packages (id),
        PRIMARY KEY (vendor, sha256, purpose, again)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO packaged_for (vendor, sha256, purpose, package)
        SELECT vendor, sha256, coalesce((SELECT category FROM packages WHERE id = package), 'spam'),
               package
        FROM packaged;
    DROP TABLE packaged;
    ALTER TABLE packaged_for RENAME TO packaged;
    CREATE INDEX packaged_by_package ON packaged (package);",
    // 8: since when a sender is on a list.
    "-- The lists themselves are settings; what was written there by hand has no date.
    CREATE TABLE listed (
        list TEXT NOT NULL,
        entry TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (list, entry)
    ) STRICT, WITHOUT ROWID;",
    // 9: when each move was taken back.
    "-- And by which run, where that is known. Of what was moved again since, the correction is of a
    -- later undo: it was taken back before that move at the latest.
    ALTER TABLE moves ADD COLUMN undone_at TEXT;
    ALTER TABLE moves ADD COLUMN undone_by INTEGER;
    UPDATE moves SET undone_at = coalesce(
        (SELECT next.at FROM moves AS next
         WHERE next.account = moves.account AND next.sha256 = moves.sha256
           AND next.source = moves.source AND next.sweep > moves.sweep AND next.state <> 'stayed'
         ORDER BY next.id LIMIT 1),
        (SELECT at FROM corrections
         WHERE account = moves.account AND sha256 = moves.sha256 AND kind <> 'doubtful'))
    WHERE state = 'undone';",
];
