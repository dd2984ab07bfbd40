-- unit --
-- One postcode.
SELECT units.postcode, units.lat, units.lon, authorities.name, authorities.london, units.ended
FROM units JOIN authorities ON authorities.id = units.authority
WHERE units.postcode = :postcode;

-- units_below --
-- How many living postcodes each authority has of a sector or a district, and their middle.
SELECT authorities.name, authorities.london, count(*), avg(units.lat), avg(units.lon)
FROM units JOIN authorities ON authorities.id = units.authority
WHERE units.postcode >= :first AND units.postcode < :after AND length(units.postcode) = :length
    AND units.ended IS NULL
GROUP BY authorities.id
ORDER BY count(*) DESC, authorities.name;

-- units_near --
-- The living postcodes of a rectangle.
SELECT units.postcode, units.lat, units.lon, authorities.name, authorities.london, units.ended
FROM units INDEXED BY units_by_place JOIN authorities ON authorities.id = units.authority
WHERE units.lat BETWEEN :south AND :north AND units.lon BETWEEN :west AND :east
    AND units.ended IS NULL;

-- units_by_authority --
-- How many living postcodes each authority has.
SELECT authorities.name, count(*)
FROM units JOIN authorities ON authorities.id = units.authority
WHERE units.ended IS NULL
GROUP BY authorities.id
ORDER BY authorities.name;

-- units_ended --
-- How many postcodes have ended.
SELECT count(*) FROM units WHERE ended IS NOT NULL;

-- units_about --
-- Which file the table was made from.
SELECT name, value FROM about;

-- add_unit --
-- Keep a postcode; where a file has it twice, the one in use counts.
INSERT INTO units (postcode, lat, lon, authority, ended) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (postcode) DO UPDATE
SET lat = excluded.lat, lon = excluded.lon, authority = excluded.authority, ended = NULL
WHERE excluded.ended IS NULL;

-- add_authority --
-- Keep an authority's name.
INSERT INTO authorities (id, code, name, london) VALUES (:id, :code, :name, :london);

-- add_about --
-- Keep a word about the file.
INSERT INTO about (name, value) VALUES (:name, :value);

-- drop_far --
-- Take out what lies outside London in districts that no postcode of London shares.
DELETE FROM units
WHERE authority IN (SELECT id FROM authorities WHERE NOT london)
    AND substr(postcode, 1, length(postcode) - 3) NOT IN (
        SELECT substr(postcode, 1, length(postcode) - 3) FROM units
        WHERE authority IN (SELECT id FROM authorities WHERE london)
    );

-- index_units --
-- For the nearest to a shared position.
CREATE INDEX units_by_place ON units (lat, lon) WHERE ended IS NULL;
