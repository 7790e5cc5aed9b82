select id, contact_id, connection_id, record_id, user_id, contact_version, action, plan, created_at, expires_at
from previews where org_id = $1 and id = $2 and expires_at > now();
