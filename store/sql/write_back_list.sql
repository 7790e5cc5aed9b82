select id, contact_id, connection_id, record_id, user_id, job_id, action, state, attempt, marker, plan, before, remote_id,
  version_seen, version_after, problem, param, undo_of, due_at, contact_version, version, created_at, updated_at
from write_backs
where org_id = $1 and ($2::uuid is null or user_id = $2) and ($3::uuid is null or contact_id = $3)
  and ($4::text is null or state = $4) and ($5::uuid is null or id < $5) and ($7::uuid is null or record_id = $7)
order by id desc limit $6::int;
