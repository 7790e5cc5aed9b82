select count(*) from contacts where org_id = $1 and deleted_at is null;
