update connections set policy = $4, native_merge = $5::bigint <> 0, version = version + 1 where org_id = $1 and id = $2 and version = $3;
