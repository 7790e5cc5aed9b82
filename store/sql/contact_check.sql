update contacts set checked_at = case when $4::boolean then now() end, version = version + 1, updated_at = now()
where org_id = $1 and id = $2 and version = $3 and deleted_at is null;
