-- A search that ends and a decision wait for each other: both put pairs into groups.
select pg_advisory_xact_lock(hashtextextended('duplicates|' || $1::uuid, 0));
