-- Over the version that was seen; 0 = there was no policy yet.
insert into sign_in_policies (org_id, second_factor_roles)
select $1, string_to_array($2, ' ') where $3::bigint = 0 or exists (select from sign_in_policies where org_id = $1)
on conflict (org_id) do update
set second_factor_roles = excluded.second_factor_roles, version = sign_in_policies.version + 1, changed_at = now()
where sign_in_policies.version = $3::bigint
returning version;
