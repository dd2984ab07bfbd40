-- The table of unit postcodes: a file of its own, written once by an import and then only read.

-- Whose area a postcode lies in. `name` is empty where the code is not known.
CREATE TABLE authorities (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    london INTEGER NOT NULL
);

-- Postcodes without a space. Positions are WGS84 degrees times 100,000: about a metre.
CREATE TABLE units (
    postcode TEXT PRIMARY KEY,
    lat INTEGER NOT NULL,
    lon INTEGER NOT NULL,
    authority INTEGER NOT NULL,
    ended INTEGER -- year and month, NULL while it is in use
) WITHOUT ROWID;

-- Which file it was made from.
CREATE TABLE about (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
