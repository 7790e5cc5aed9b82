-- Who waits here for another's refresh reads what that one stored.
select t.access, t.refresh, t.base, t.scope, t.ended, t.failures, t.granted_by, t.granted_at, t.renewed_at,
  (extract(epoch from t.expires_at - clock_timestamp()) * 1000)::bigint,
  (extract(epoch from t.renew_at - clock_timestamp()) * 1000)::bigint,
  (extract(epoch from t.retry_at - clock_timestamp()) * 1000)::bigint,
  (extract(epoch from clock_timestamp() - t.renewed_at) * 1000)::bigint
from oauth_tokens t where t.org_id = $1 and t.connection_id = $2 for update;
