-- Waits for everybody who is storing a fresh key.
select pg_advisory_xact_lock(hashtextextended('master key', 0));
