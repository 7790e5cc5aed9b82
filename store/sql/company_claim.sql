-- The claim of a name, if it is free: new, or older than the wait. An attempt whose end nobody knows goes on under its marker.
insert into company_claims (org_id, connection_id, name_hash) values ($1, $2, $3)
on conflict (org_id, connection_id, name_hash) do update set at = now(), remote_id = null,
  marker = case when company_claims.remote_id is null then company_claims.marker else gen_random_uuid() end
  where company_claims.at < now() - $4::bigint * interval '1 millisecond'
returning id, marker;
