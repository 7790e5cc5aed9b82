select 0::bigint, wrapped_index_key, master from orgs where org_id = $1
union all select version, wrapped_key, master from org_keys where org_id = $1 order by 1;
