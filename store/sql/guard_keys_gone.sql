select org_id, version from guard_keys_gone($1::uuid[], $2::bigint[]);
