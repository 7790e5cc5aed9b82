-- One at a time tends an organisation's index; who comes second has nothing to do.
select pg_try_advisory_xact_lock(hashtextextended('match index ' || $1::text, 0));
