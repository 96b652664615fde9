/**
 * Stands in for TimescaleDB, which Debian does not carry: functions with its names and parameters (API reference 2.x),
 * so that what is asked of it is asked rightly on every machine.
 */
export const TIMESCALE_STAND_IN = (schema: string): string => `
  CREATE TABLE ${schema}.hypertables (name TEXT, column_name TEXT, width BIGINT);
  CREATE FUNCTION ${schema}.create_hypertable(
        relation regclass,
        time_column_name name,
        partitioning_column name DEFAULT NULL,
        chunk_time_interval anyelement DEFAULT NULL::bigint,
        create_default_indexes boolean DEFAULT true
      )
    RETURNS void LANGUAGE sql AS $$
        INSERT INTO ${schema}.hypertables VALUES (relation::text, time_column_name, chunk_time_interval::bigint) $$;
  CREATE FUNCTION ${schema}.drop_chunks(relation regclass, older_than bigint DEFAULT NULL)
    RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN
        EXECUTE format('DELETE FROM %s WHERE observed / %s < %s', relation,
          ${7 * 86_400_000}, older_than / ${7 * 86_400_000}); END $$;
  CREATE FUNCTION ${schema}.hypertable_size(hypertable regclass) RETURNS bigint LANGUAGE sql AS $$ SELECT 0::bigint $$;`;
