select seq, at, user_id, session_id, token_id, grant_id, address, address_hash, action, kind, subject_id,
  array_to_string(records, ' '), request, note, why, hash
from audit where org_id = $1 and seq > $2 order by seq limit 1000;
