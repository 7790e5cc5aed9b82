-- Who wraps a fresh key under the master key holds this until it is stored: a change of the master key waits (store/keys/rewrap.c).
select pg_advisory_xact_lock_shared(hashtextextended('master key', 0)) where $1::uuid is not null;
