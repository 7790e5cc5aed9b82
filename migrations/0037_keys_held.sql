-- Programs keep unwrapped keys in memory. They are told when one is dropped or destroyed, and ask now and then which are there still.

create policy guard_held on org_keys for select to kartei_guard using (true);
grant create on schema kartei to kartei_guard;
set local role kartei_guard;

-- Of keys that a program holds, by organisation and version: those that are no more.
create function guard_keys_gone(p_orgs uuid[], p_versions bigint[]) returns table (org_id uuid, version bigint)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select h.org_id, h.version from unnest(p_orgs, p_versions) as h (org_id, version)
  where not exists (select from org_keys k where k.org_id = h.org_id and k.version = h.version and k.wrapped_key <> '')
$$;
revoke all on function guard_keys_gone from public;
grant execute on function guard_keys_gone to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;

create function org_keys_tell() returns trigger
  language plpgsql set search_path = kartei, pg_temp
  as $$
begin
  perform pg_notify('kartei_key', old.org_id::text);
  return null;
end
$$;
create trigger org_keys_tell after delete or update of wrapped_key on org_keys for each row execute function org_keys_tell();
