select s.id, s.list_id, s.user_id, s.blob_id, s.job_id, s.state, b.media_type, b.bytes, s.width, s.height, s.advice,
  s.problem, s.param, s.version, s.created_at, s.deleted_at, s.back_blob_id, s.fair_id
from scans s join blobs b on b.org_id = s.org_id and b.id = s.blob_id
where s.org_id = $1 and ($2::uuid is null or s.list_id = any (array(select lists_reached($2)))) and ($3::text is null or s.state = $3)
  and (s.deleted_at is not null) = $4::boolean and ($5::uuid is null or s.id < $5)
order by s.id desc limit $6::int;
