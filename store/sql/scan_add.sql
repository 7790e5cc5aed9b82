-- Of two sides the hash is of both: the same front alone is another scan.
insert into scans (org_id, id, list_id, user_id, blob_id, back_blob_id, fair_id, state, content_hash)
select $1, $2, $3, $4, b.id, k.id, $7::uuid, 'received', case when k.id is null then b.content_hash else sha256(b.content_hash || k.content_hash) end
from blobs b left join blobs k on k.org_id = $1 and k.id = $6
where b.org_id = $1 and b.id = $5
on conflict (org_id, user_id, content_hash) where deleted_at is null do nothing;
