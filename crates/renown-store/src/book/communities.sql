-- Version 2: in which communities people take part, as `network:community`. No part of what is published, as tags are none: it is told
-- as it is now.
CREATE TABLE membership (
    person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    community TEXT NOT NULL,
    PRIMARY KEY (person, community)
) STRICT, WITHOUT ROWID;
