update duplicate_pairs set decided = $4, why = $5, decided_by = $6, decided_at = now(), split_of = null, split_off = null, version = version + 1
where org_id = $1 and id = $2 and version = $3::bigint returning id;
