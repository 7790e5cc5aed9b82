select id, owner_id, list_id, excluded, cursor, since, checked_at, looked, header_only, suggested, version,
  watched_until > now()
from mailboxes where org_id = $1 and ($2::uuid is null or owner_id = $2) order by id limit 1000;
