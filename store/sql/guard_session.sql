select org_id, id, created_at, seen_at, expires_at, user_id, role, state, profile, user_version, user_created_at, grant_id,
  grant_area, grant_reason
from guard_session($1::bytea, $2::bigint);
