-- $7 = life of the access token in ms, $8 = how long before its end it is renewed; what is absent stays as it was.
insert into oauth_tokens as t (org_id, connection_id, access, refresh, base, scope, expires_at, renew_at, renewed_at, granted_by, granted_at)
values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::bigint * interval '1 millisecond',
  clock_timestamp() + ($7::bigint - $8::bigint) * interval '1 millisecond', clock_timestamp(), $9,
  case when $9::uuid is null then null else clock_timestamp() end)
on conflict (org_id, connection_id) do update
set access = excluded.access, refresh = coalesce(excluded.refresh, case when $9::uuid is null then t.refresh end),
  base = coalesce(excluded.base, case when $9::uuid is null then t.base end),
  scope = coalesce(excluded.scope, case when $9::uuid is null then t.scope end), ended = false,
  expires_at = excluded.expires_at, renew_at = excluded.renew_at, renewed_at = excluded.renewed_at, failures = 0, retry_at = null,
  granted_by = coalesce(excluded.granted_by, t.granted_by), granted_at = coalesce(excluded.granted_at, t.granted_at);
