-- `requests` is a table or view with the columns id and body; `checked` has the verdict on each row.
CREATE VIEW checked AS
SELECT outcome.id AS id, outcome.outcome.ok AS ok, outcome.outcome.request AS request,
       outcome.outcome.violations AS violations, outcome.outcome.warnings AS warnings
FROM (
  SELECT JSONExtract(line, 'Tuple(id String, outcome Tuple(
      ok Bool,
      request Nullable(String),
      violations Array(Tuple(code String, pointer String, offset UInt32, length UInt32)),
      warnings Array(Tuple(code String, pointer String, offset UInt32, length UInt32))))') AS outcome
  FROM executable(
    'otd-check --ids --exit-zero --jobs 1 --input ndjson --format json -',
    TabSeparatedRaw,
    'line String',
    (SELECT id, replaceAll(body, '\n', '\r') FROM requests WHERE body IS NOT NULL)
  )
);
