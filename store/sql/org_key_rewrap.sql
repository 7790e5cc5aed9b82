update org_keys set wrapped_key = $4, master = $5 where org_id = $1 and version = $2 and wrapped_key = $3;
