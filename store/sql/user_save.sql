-- Answers whether the user's sessions have to end: what they may do, or the proof of who they are, has changed.
with earlier as (
  select id, role, state, password_hash from users where org_id = $1 and id = $2 and version = $3 for update)
update users u
set email_hash = $4, profile = $5, password_hash = coalesce($6, u.password_hash), role = $7, state = $8,
  version = u.version + 1
from earlier e
where u.org_id = $1 and u.id = e.id
returning (e.role <> u.role or e.state <> u.state or e.password_hash is distinct from u.password_hash);
