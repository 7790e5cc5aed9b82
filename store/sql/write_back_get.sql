select id, contact_id, connection_id, record_id, user_id, job_id, action, state, attempt, marker, plan, before, remote_id,
  version_seen, version_after, problem, param, undo_of, due_at, contact_version, version, created_at, updated_at
from write_backs where org_id = $1 and id = $2;
