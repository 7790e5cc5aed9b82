insert into scans (org_id, id, list_id, user_id, blob_id, state, content_hash)
select $1, $2, $3, $4, b.id, 'received', b.content_hash from blobs b where b.org_id = $1 and b.id = $5
on conflict (org_id, user_id, content_hash) where deleted_at is null do nothing;
