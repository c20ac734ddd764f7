-- Version 2: in which communities people take part, as `network:community`. No part of what is published, as tags are none: it is told
-- as it is now.
CREATE TABLE membership (
    person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    community TEXT NOT NULL,
    PRIMARY KEY (person, community)
) STRICT, WITHOUT ROWID;

-- How often they were written down otherwise, so that whoever holds them in memory sees it.
CREATE TABLE communities_told (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    times INTEGER NOT NULL
) STRICT;
INSERT INTO communities_told (one, times) VALUES (1, 0);
