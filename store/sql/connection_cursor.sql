update connections set cursor = $3, pulled_at = case when $4::boolean then now() else pulled_at end
where org_id = $1 and id = $2;
