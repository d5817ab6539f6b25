-- In this folder: sqlite3 ../tags.sqlite < load.sql
-- Each week again: queries see the week before until COMMIT, and then this one.
.bail on
.timeout 60000
.mode csv
-- With a log of its own writing does not hold readers up; it says so in a line that nobody needs.
.output /dev/null
PRAGMA journal_mode = WAL;
.output
DROP TABLE IF EXISTS tagscope_intervals_new;
DROP TABLE IF EXISTS tagscope_sets_new;
CREATE TABLE tagscope_intervals_new(lo TEXT PRIMARY KEY, hi TEXT NOT NULL, set_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tagscope_sets_new(set_id INTEGER PRIMARY KEY, tag TEXT NOT NULL, tags TEXT NOT NULL, region TEXT NOT NULL,
    service TEXT NOT NULL, system_service TEXT NOT NULL);
.import --skip 1 intervals.csv tagscope_intervals_new
.import --skip 1 sets.csv tagscope_sets_new
BEGIN IMMEDIATE;
DROP TABLE IF EXISTS tagscope_intervals;
DROP TABLE IF EXISTS tagscope_sets;
DROP TABLE IF EXISTS tagscope_week;
ALTER TABLE tagscope_intervals_new RENAME TO tagscope_intervals;
ALTER TABLE tagscope_sets_new RENAME TO tagscope_sets;
CREATE TABLE tagscope_week AS SELECT '{{cloud}}' AS cloud, {{date or null}} AS week,
    {{number or null}} AS change_number, '{{hash}}' AS content_hash;
COMMIT;
