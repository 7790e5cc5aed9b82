update contacts set state = $5, version = version + 1, updated_at = now(),
  suggested_at = case when $5 in ('confirmed', 'written', 'rejected') then null else suggested_at end
where org_id = $1 and id = $2 and ($3::bigint = 0 or version = $3) and ($4::text is null or state = $4)
  and deleted_at is null;
