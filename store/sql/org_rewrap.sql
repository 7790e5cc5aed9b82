update orgs set wrapped_index_key = $3, master = $4 where org_id = $1 and wrapped_index_key = $2;
