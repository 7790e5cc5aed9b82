select contact from contacts where org_id = $1 and id = $2 and version = $3 and deleted_at is null for update;
