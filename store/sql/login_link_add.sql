insert into login_links (org_id, id, user_id, token_hash, expires_at, browser_hash, code_hash, email_hash)
select $1, $2, $3, $4, now() + $5::bigint * interval '1 millisecond', $6, $7, u.email_hash
from users u where u.org_id = $1 and u.id = $3;
