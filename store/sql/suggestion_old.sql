select id, version from contacts
where org_id = $1 and suggested_at < now() - $2::bigint * interval '1 millisecond' order by suggested_at limit 500;
