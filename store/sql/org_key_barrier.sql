-- Waits for everybody who is sealing.
select pg_advisory_xact_lock(hashtextextended('seal ' || $1::text, 0));
