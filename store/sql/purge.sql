select kind, id, key_version from guard_purge($1, $2, $3, $4, $5, $6::int);
