select id, kind, user_id, session_id, token_id, address, host, amount, first_seq, last_seq, first_at, last_at, seen_by, seen_at, version
from alerts where org_id = $1 and id = $2;
