-- In a statement after the one that locked the connection: what a statement that waited for the lock sees is older.
select exists (select from write_backs w where w.org_id = $1 and w.connection_id = $2
  and w.state in ('intent', 'sending', 'uncertain', 'waiting', 'undoing'));
