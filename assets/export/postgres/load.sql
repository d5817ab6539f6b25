-- In this folder: psql -f load.sql
-- Each week again: readers never wait, and see the week before until COMMIT, then this one.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE TABLE IF NOT EXISTS tagscope_intervals(lo inet PRIMARY KEY, hi inet NOT NULL, set_id integer NOT NULL);
CREATE TABLE IF NOT EXISTS tagscope_sets(set_id integer PRIMARY KEY, tag text NOT NULL, tags text NOT NULL,
    region text NOT NULL, service text NOT NULL, system_service text NOT NULL);
CREATE TABLE IF NOT EXISTS tagscope_week(cloud text, week date, change_number bigint, content_hash text);
CREATE TEMP TABLE tagscope_intervals_new(LIKE tagscope_intervals);
CREATE TEMP TABLE tagscope_sets_new(LIKE tagscope_sets);
\copy tagscope_intervals_new FROM 'intervals.csv' WITH (FORMAT csv, HEADER)
\copy tagscope_sets_new FROM 'sets.csv' WITH (FORMAT csv, HEADER, FORCE_NOT_NULL (region, system_service))
BEGIN;
DELETE FROM tagscope_intervals;
DELETE FROM tagscope_sets;
DELETE FROM tagscope_week;
INSERT INTO tagscope_intervals SELECT * FROM tagscope_intervals_new ORDER BY lo;
INSERT INTO tagscope_sets SELECT * FROM tagscope_sets_new;
INSERT INTO tagscope_week VALUES ('{{cloud}}', {{date or null}}, {{number or null}}, '{{hash}}');
COMMIT;
VACUUM ANALYZE tagscope_intervals;
VACUUM ANALYZE tagscope_sets;
