select id, list_id, owner_id, scan_id, card, state, version, created_at, updated_at, deleted_at, contact, reading, mailbox_id,
  suggested_at
from contacts where org_id = $1 and id = $2;
