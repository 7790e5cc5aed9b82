update contacts set contact = $4, list_id = $5, reading = $6, version = version + 1, updated_at = now(),
  suggested_at = case when $7::boolean then null else suggested_at end
where org_id = $1 and id = $2 and version = $3 and deleted_at is null
returning version;
