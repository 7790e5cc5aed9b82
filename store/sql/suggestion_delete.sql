delete from contacts where org_id = $1 and id = $2 and suggested_at is not null and version = $3;
