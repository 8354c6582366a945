-- `requests` is a table or view with the columns id and body; `checked` has the verdict on each row.
CREATE TEMPORARY VIEW checked AS
SELECT outcome.id, outcome.outcome.*
FROM (
  SELECT from_json(line, 'id STRING, outcome STRUCT<
      ok: BOOLEAN,
      request: STRING,
      violations: ARRAY<STRUCT<code: STRING, pointer: STRING, offset: INT, length: INT>>,
      warnings: ARRAY<STRUCT<code: STRING, pointer: STRING, offset: INT, length: INT>>>') AS outcome
  FROM (
    SELECT TRANSFORM (id, replace(body, '\n', '\r')) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
      USING 'otd-check --ids --exit-zero --jobs 1 --input ndjson --format json -'
      AS (line STRING) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
    FROM requests
    WHERE body IS NOT NULL
  )
);
